import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePython, run, type PythonEnvironment } from './python-environment.ts';

/**
 * `npm run test:clients`: the official Python client, unmodified, against two running servers. Arguments go to pytest,
 * e.g. `npm run test:clients -- -k reuse`.
 */
const SUITE = new URL('mstrio/', import.meta.url);
const MSTRIO = 'mstrio-py==11.6.7.101';

process.stdout.write(
  `This suite installs ${MSTRIO} from the Python package index into a folder of its own, to test against it.\n` +
    'mstrio-py is no part of Longshore and comes under its own licence, which is for you to read and to keep.\n',
);
process.exitCode = main();

function main(): number {
  const environment = preparePython({
    name: 'mstrio',
    requirements: new URL('requirements.txt', SUITE),
    constraints: new URL('constraints.txt', SUITE),
  });
  const sources = downloadSources(environment);
  // The client writes downloads into the working directory and takes every *.pem there for a certificate.
  const cwd = mkdtempSync(join(tmpdir(), 'longshore-mstrio-'));
  try {
    const { status } = spawnSync(
      environment.python,
      ['-m', 'pytest', '-c', path('pytest.ini'), '--rootdir', path('.'), ...testsToRun()],
      {
        cwd,
        stdio: 'inherit',
        env: {
          ...process.env,
          LONGSHORE_NODE: process.execPath,
          MSTRIO_SOURCES: sources,
          PYTHONDONTWRITEBYTECODE: '1',
        },
      },
    );
    return status ?? 1;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The source archive of the same version, which holds the public snippets and workflows; they are run, never kept. */
function downloadSources({ python, folder }: PythonEnvironment): string {
  const sources = join(folder, 'sources');
  const archive = () => (existsSync(sources) ? readdirSync(sources) : []).find((name) => name.endsWith('.tar.gz'));
  if (archive() === undefined) {
    const args = ['--quiet', '--disable-pip-version-check', '--no-deps', '--no-binary', ':all:', '-d', sources, MSTRIO];
    run(python, ['-m', 'pip', 'download', ...args], `The source archive of ${MSTRIO} could not be downloaded.`);
  }
  return join(sources, archive() ?? '');
}

function testsToRun(): string[] {
  const given = process.argv.slice(2);
  return given.some((argument) => argument.endsWith('.py')) ? given : [...given, path('.')];
}

function path(name: string): string {
  return fileURLToPath(new URL(name, SUITE));
}
