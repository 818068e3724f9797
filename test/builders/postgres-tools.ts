import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs of a whole PostgreSQL of one version; the one that npm brings is without those that back up. */
export interface PostgresTools {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgDump: string;
  readonly pgRestore: string;
}

/** Folder of the programs, where they are in none of the usual places. */
const TOOLS_VARIABLE = 'LONGSHORE_TEST_POSTGRES_BIN';

/** Debian and its kin keep each version in a folder of its own. */
const VERSIONS = '/usr/lib/postgresql';

/** A whole PostgreSQL 16 from the Python package index, of which only the programs are used; its wheels end with Python 3.12. */
const PACKAGE = { name: 'pgserver', version: '0.1.4', python: '3.12' } as const;
const INSTALL_MS = 5 * 60_000;
/** Beside the other programs that tests run, and in nobody's home, which is closed to other users. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/**
 * Those of the newest PostgreSQL on this machine, or, where it has none, those that an earlier run has installed or that
 * are installed now.
 * @throws Error that says what is missing. A test that cannot run has failed; it is never skipped.
 */
export function preparePostgresTools(): PostgresTools {
  const given = process.env[TOOLS_VARIABLE];
  const folders = given ? [given] : [...versionFolders(), ...(process.env['PATH'] ?? '').split(delimiter)];
  const folder = folders.find((each) => Object.values(toolsIn(each)).every((file) => existsSync(file)));
  if (folder !== undefined) return toolsIn(folder);
  if (given) throw new Error(`${TOOLS_VARIABLE} ${given} has not all of initdb, postgres, pg_dump and pg_restore.`);
  return toolsIn(installedFolder());
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

function installedFolder(): string {
  const folder = join(CACHE, `${PACKAGE.name}-${PACKAGE.version}`);
  const programs = join(folder, PACKAGE.name, 'pginstall', 'bin');
  if (existsSync(programs)) return programs;
  mkdirSync(CACHE, { recursive: true });
  const installing = mkdtempSync(join(CACHE, 'installing-'));
  try {
    install(installing);
    // PostgreSQL runs as another user where the tests run as root.
    chmodSync(installing, 0o755);
    // Another run may have been faster; its programs are as good.
    if (!existsSync(programs)) renameSync(installing, folder);
  } finally {
    rmSync(installing, { recursive: true, force: true });
  }
  return programs;
}

function install(folder: string): void {
  const python = process.env['PYTHON'] ?? 'python3';
  const wanted = ['--no-deps', '--only-binary=:all:', `--python-version=${PACKAGE.python}`];
  const { status, error, stderr } = spawnSync(
    python,
    ['-m', 'pip', 'install', '--quiet', `--target=${folder}`, ...wanted, `${PACKAGE.name}==${PACKAGE.version}`],
    { encoding: 'utf8', timeout: INSTALL_MS },
  );
  if (status === 0) return;
  throw new Error(
    `A backup is tested with pg_dump, which is not on this machine, and pip cannot install it: ${error?.message ?? stderr}
Install postgresql, or name the folder of its programs in ${TOOLS_VARIABLE}.`,
  );
}
