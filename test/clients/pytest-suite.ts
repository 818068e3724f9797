import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePython, type PythonEnvironment } from './python-environment.ts';

/** The virtual environment of a suite, whose folder holds its requirements, its constraints and its `pytest.ini`. */
export function prepareSuite(name: string, suite: URL): PythonEnvironment {
  return preparePython({
    name,
    requirements: new URL('requirements.txt', suite),
    constraints: new URL('constraints.txt', suite),
  });
}

/**
 * Runs a suite to its end and gives pytest's exit code. The command line's arguments go to pytest, and so does the
 * suite, unless a file of it is among them.
 */
export function runSuite(
  suite: URL,
  { python }: PythonEnvironment,
  variables: Readonly<Record<string, string>>,
): number {
  const given = process.argv.slice(2);
  const chosen = given.some((argument) => argument.includes('.py')) ? [] : [fileURLToPath(suite)];
  const ini = fileURLToPath(new URL('pytest.ini', suite));
  // Clients write into the working directory and look there for certificates: it is an empty one.
  const cwd = mkdtempSync(join(tmpdir(), 'longshore-clients-'));
  try {
    const args = ['-m', 'pytest', '-c', ini, '--rootdir', fileURLToPath(suite), ...given, ...chosen];
    const env = { ...process.env, LONGSHORE_NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1', ...variables };
    return spawnSync(python, args, { cwd, stdio: 'inherit', env }).status ?? 1;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
