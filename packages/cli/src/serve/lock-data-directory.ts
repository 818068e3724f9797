import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailedError } from '../exit-codes.ts';

const SQLITE_BUSY = 5;

/**
 * Makes sure that one server at a time uses a data folder: a second one would settle the jobs that the first is
 * running. The lock is the operating system's, through SQLite: it goes when the process goes, however that happens.
 * @returns how to give the folder back.
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(directory, 'server.lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new FailedError(
      `Another server uses the data folder ${directory}. Stop it, or choose another with --data.`,
      error,
    );
  }
  return () => lock.close();
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && Number(error.errcode) === SQLITE_BUSY;
