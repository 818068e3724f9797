import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryText, runText } from './bulk.ts';
import type { Executor } from './database.ts';

/** The schema of a scratch database; its tables are found by their names alone, unless there are temporary ones. */
const SCHEMA = 'scratch';

/**
 * What is in it goes with the job: nothing waits for a disk. What a transaction changes of it can be rolled back, as with
 * temporary tables, from a journal in memory. What is in it is read in order, so that few pages of it are kept.
 */
const SETTINGS = [
  `PRAGMA ${SCHEMA}.page_size = 8192`,
  `PRAGMA ${SCHEMA}.journal_mode = MEMORY`,
  `PRAGMA ${SCHEMA}.synchronous = OFF`,
  `PRAGMA ${SCHEMA}.cache_size = -2048`,
];

/** A database file with temporary tables that another thread can fill (`ScratchWriter`). */
export interface ScratchDatabase {
  readonly file: string;
  /**
   * Takes the file out of its folder. Who has it open, the connection among them, keeps it until it is closed, so that
   * nothing is left over whatever happens.
   */
  readonly unlink: () => void;
}

/** See `Connection.attachScratch`; for SQLite. */
export async function attachScratch<Tables>(
  db: Executor<Tables>,
  tablesIn: (schema: string) => readonly string[],
): Promise<ScratchDatabase> {
  const attached = await queryText<{ name: string }, Tables>(db, 'SELECT name FROM pragma_database_list');
  if (attached.some(({ name }) => name === SCHEMA)) await runText(db, `DETACH ${SCHEMA}`);
  const folder = mkdtempSync(join(scratchFolder(), 'longshore-'));
  const scratch = {
    file: join(folder, 'scratch.sqlite'),
    unlink: (): void => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    await runText(db, `ATTACH ? AS ${SCHEMA}`, [scratch.file]);
    for (const setting of SETTINGS) await queryText(db, setting);
    for (const statement of tablesIn(SCHEMA)) await runText(db, statement);
    return scratch;
  } catch (error) {
    scratch.unlink();
    throw error;
  }
}

/** Where SQLite has its temporary tables, too: `/tmp` is often kept in memory. */
function scratchFolder(): string {
  const folders = [process.env['SQLITE_TMPDIR'], process.env['TMPDIR'], '/var/tmp'];
  return folders.find((folder): folder is string => folder !== undefined && isWritable(folder)) ?? tmpdir();
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
