import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Git-ignored; a virtual environment is made once and used until its requirements or the Python change. */
const VENVS = fileURLToPath(new URL('.venv/', import.meta.url));
const OLDEST_PYTHON = [3, 11] as const;

export interface PythonRequirements {
  /** Names the folder of the virtual environment. */
  readonly name: string;
  /** The direct requirements, each pinned. */
  readonly requirements: URL;
  /** Every version that the requirements brought when they were last changed. */
  readonly constraints: URL;
}

/** A virtual environment that holds exactly what was asked for. */
export interface PythonEnvironment {
  readonly python: string;
  readonly folder: string;
}

/**
 * Makes the virtual environment, or takes the one that an earlier run has made.
 *
 * @throws Error that says what is missing: no `python3`, too old a one, one without `venv`, or an index that cannot be
 * reached. A suite that cannot run has failed; it is never skipped.
 */
export function preparePython(wanted: PythonRequirements): PythonEnvironment {
  const system = process.env['PYTHON'] ?? 'python3';
  const version = versionOf(system);
  const folder = join(VENVS, wanted.name);
  const python = join(folder, 'bin', 'python');
  const stampFile = join(folder, 'longshore-stamp');
  const stamp = stampOf(wanted, version);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return { python, folder };

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  run(system, ['-m', 'venv', folder], 'python3 could not make a virtual environment; is its venv module installed?');
  const pins = ['-r', fileURLToPath(wanted.requirements), '-c', fileURLToPath(wanted.constraints)];
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pins];
  run(python, pip, `pip could not install what ${wanted.name} needs; is the Python package index reachable?`);
  writeFileSync(stampFile, stamp);
  return { python, folder };
}

/** Runs a command with the caller's console; throws with `failure` when it does not succeed. */
export function run(command: string, args: readonly string[], failure: string): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${failure}${error ? ` (${error.message})` : ''}`);
}

function versionOf(python: string): string {
  const { status, stdout }: SpawnSyncReturns<string> = spawnSync(
    python,
    ['-c', 'import platform; print(platform.python_version())'],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`These tests need Python ${OLDEST_PYTHON.join('.')} or later: no "${python}" can be run here.`);
  }
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
    throw new Error(`These tests need Python ${OLDEST_PYTHON.join('.')} or later; "${python}" is ${version}.`);
  }
  return version;
}

function stampOf(wanted: PythonRequirements, version: string): string {
  const hash = createHash('sha256').update(version);
  for (const file of [wanted.requirements, wanted.constraints]) hash.update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
