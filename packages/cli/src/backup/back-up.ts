import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailedError } from '../exit-codes.ts';

/** Metadata first: a record of the other one then never names an import that the backup lacks. */
const DATABASES = ['metadata.sqlite', 'library.sqlite'] as const;

export interface BackedUp {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Copies the databases of a data folder, whether a server uses them or not: each copy is the database as it was at one
 * moment, checked, and under its name only when it is whole. The key of the stored secrets is left where it is.
 * @throws FailedError when there is nothing to copy, a copy exists already, or one turns out damaged
 */
export async function backUp(data: string, folder: string): Promise<BackedUp[]> {
  for (const name of DATABASES) {
    if (!existsSync(join(data, name)))
      throw new FailedError(`There is no ${name} in ${data}. Give the folder of --data.`);
    if (existsSync(join(folder, name))) {
      throw new FailedError(`There is a ${name} in ${folder} already. Give a folder of its own to each backup.`);
    }
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copies: BackedUp[] = [];
  for (const name of DATABASES) copies.push(await copyDatabase(join(data, name), join(folder, name)));
  return copies;
}

async function copyDatabase(from: string, to: string): Promise<BackedUp> {
  const unfinished = `${to}.part`;
  await rm(unfinished, { force: true });
  try {
    run(from, (db) => db.prepare('VACUUM INTO ?').run(unfinished));
    await chmod(unfinished, 0o600);
    const problem = run(unfinished, (db) => db.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
    if (problem !== 'ok') throw new Error(String(problem));
    await rename(unfinished, to);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new FailedError(`${from} could not be copied: ${error instanceof Error ? error.message : ''}.`, error);
  }
  return { file: to, bytes: (await stat(to)).size };
}

function run<Result>(file: string, use: (db: DatabaseSync) => Result): Result {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 60000');
    return use(db);
  } finally {
    db.close();
  }
}
