import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of a whole PostgreSQL of one version; the one that npm brings is without those that back up. */
export interface PostgresTools {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgDump: string;
  readonly pgRestore: string;
}

/** Folder of the programs, where they are in none of the usual places. */
export const TOOLS_VARIABLE = 'LONGSHORE_TEST_POSTGRES_BIN';

/** Debian and its kin keep each version in a folder of its own. */
const VERSIONS = '/usr/lib/postgresql';

/** Those of the newest PostgreSQL on this machine; undefined when there is none. */
export function findPostgresTools(): PostgresTools | undefined {
  const given = process.env[TOOLS_VARIABLE];
  const folders = given ? [given] : [...versionFolders(), ...(process.env['PATH'] ?? '').split(delimiter)];
  const folder = folders.find((each) => Object.values(toolsIn(each)).every((file) => existsSync(file)));
  if (folder !== undefined) return toolsIn(folder);
  if (given) throw new Error(`${TOOLS_VARIABLE} ${given} has not all of initdb, postgres, pg_dump and pg_restore.`);
  return undefined;
}

function versionFolders(): string[] {
  if (!existsSync(VERSIONS)) return [];
  const versions = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(VERSIONS, version, 'bin'));
}

const toolsIn = (folder: string): PostgresTools => ({
  initdb: join(folder, 'initdb'),
  postgres: join(folder, 'postgres'),
  pgDump: join(folder, 'pg_dump'),
  pgRestore: join(folder, 'pg_restore'),
});
