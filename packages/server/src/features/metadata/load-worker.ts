import { on } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { isDatabaseUnusable } from '../../platform/db/unusable-database.ts';
import { AppError, type ErrorKind, type LoadResult } from '@longshore/contracts';
import { openSqlite } from '../../platform/db/node-sqlite.ts';
import { LineSplitter, LineTooLongError } from './line-splitter.ts';
import type { LoadCommand, LoadReport, LoadWorkerData } from './load-messages.ts';
import { MetadataLoad } from './metadata-load.ts';

/** The thread of one bulk load: a connection of its own, one transaction, chunks of input as messages. */

if (parentPort === null) throw new Error('This file is started as a thread by load-in-worker.ts.');
const port = parentPort;
const { file, order, lockPatience } = workerData as LoadWorkerData;

const report = (message: LoadReport): void => port.postMessage(message);

/** Pages of indexes are written in random order; a larger cache keeps them from going to the log again and again. */
const CACHE_KIB = 262_144;

async function run(): Promise<LoadResult | undefined> {
  const commands = on(port, 'message', { close: ['close'] }) as AsyncIterable<[LoadCommand]>;
  const db = openSqlite(file, { mode: 'writer', busyTimeout: lockPatience });
  try {
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    begin(db);
    const result = await consume(new MetadataLoad(db, order), commands);
    db.exec(result === undefined ? 'ROLLBACK' : 'COMMIT');
    if (result !== undefined) shrinkLog(db);
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  } finally {
    db.close();
  }
}

function begin(db: DatabaseSync): void {
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (cause) {
    if (resultCodeOf(cause) !== SQLITE_BUSY) throw cause;
    throw new AppError(
      'busy',
      'The metadata is being written by an import or another load. Try again when it has ended.',
      { cause },
    );
  }
}

/** The log of a large transaction is as large as what it wrote; readers that are in the way keep it for now. */
function shrinkLog(db: DatabaseSync): void {
  db.exec('PRAGMA busy_timeout = 0');
  db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
}

/** Undefined when the sender gave up. */
async function consume(load: MetadataLoad, commands: AsyncIterable<[LoadCommand]>): Promise<LoadResult | undefined> {
  const splitter = new LineSplitter();
  let bytes = 0;
  try {
    for await (const [command] of commands) {
      if (command.kind === 'abort') return undefined;
      await addAll(load, command.kind === 'end' ? splitter.end() : splitter.push(command.bytes));
      if (command.kind === 'end') return await load.finish(bytes);
      bytes += command.bytes.length;
      report({ kind: 'consumed', bytes: command.bytes.length });
    }
  } catch (error) {
    throw unreadableLine(error, load.nextLine);
  }
  return undefined;
}

async function addAll(load: MetadataLoad, lines: Iterable<string>): Promise<void> {
  for (const line of lines) await load.add(line);
}

function unreadableLine(error: unknown, line: number): unknown {
  if (error instanceof LineTooLongError)
    return new AppError('invalid', `Nothing was loaded. Line ${line} ${error.message}.`);
  const isNoText = error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
  return isNoText ? new AppError('invalid', `Nothing was loaded. Line ${line} is not UTF-8 text.`) : error;
}

const SQLITE_BUSY = 5;

const resultCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;

function kindOf(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.kind;
  return isDatabaseUnusable(error) ? 'databaseUnavailable' : 'internal';
}

try {
  const result = await run();
  if (result !== undefined) report({ kind: 'done', result });
} catch (error) {
  report({ kind: 'failed', error: kindOf(error), message: error instanceof Error ? error.message : String(error) });
}
port.close();
