import { on } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { beginBulk, endBulk } from '../../platform/db/bulk.ts';
import { openConnection } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { isDatabaseUnusable, isLocked } from '../../platform/db/unusable-database.ts';
import type { LoadResult } from '@longshore/contracts';
import { AppError, type ErrorKind } from '@longshore/contracts/errors';
import { LineSplitter, LineTooLongError } from './line-splitter.ts';
import type { LoadCommand, LoadReport, LoadWorkerData } from './load-messages.ts';
import { MetadataLoad } from './metadata-load.ts';

/** The thread of one bulk load: a connection of its own, one transaction, chunks of input as messages. */

if (parentPort === null) throw new Error('This file is started as a thread by load-in-worker.ts.');
const port = parentPort;
const { location, order, lockPatience } = workerData as LoadWorkerData;

const report = (message: LoadReport): void => port.postMessage(message);

/** The sender has given up: nothing is to be left of the load. */
class Abandoned extends Error {}

async function run(): Promise<LoadResult | undefined> {
  const commands = on(port, 'message', { close: ['close'] }) as AsyncIterable<[LoadCommand]>;
  const db = await openConnection<MetadataTables>(location, { mode: 'writer', busyTimeout: lockPatience });
  try {
    await beginBulk(db.executor);
    const result = await db.transaction(async (tx) => consume(await MetadataLoad.begin(tx, order), commands));
    await endBulk(db.executor);
    return result;
  } catch (error) {
    if (error instanceof Abandoned) return undefined;
    throw isLocked(error) ? busy(error) : error;
  } finally {
    await db.close();
  }
}

const busy = (cause: unknown): AppError =>
  new AppError('busy', 'The metadata is being written by an import or another load. Try again when it has ended.', {
    cause,
  });

/** @throws Abandoned when the sender gave up */
async function consume(load: MetadataLoad, commands: AsyncIterable<[LoadCommand]>): Promise<LoadResult> {
  const splitter = new LineSplitter();
  let bytes = 0;
  try {
    for await (const [command] of commands) {
      if (command.kind === 'abort') throw new Abandoned();
      await addAll(load, command.kind === 'end' ? splitter.end() : splitter.push(command.bytes));
      if (command.kind === 'end') return await load.finish(bytes);
      bytes += command.bytes.length;
      report({ kind: 'consumed', bytes: command.bytes.length });
    }
  } catch (error) {
    throw unreadableLine(error, load.nextLine);
  }
  throw new Abandoned();
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
