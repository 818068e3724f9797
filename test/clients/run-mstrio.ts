import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareSuite, runSuite } from './pytest-suite.ts';
import { run, type PythonEnvironment } from './python-environment.ts';

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
const environment = prepareSuite('mstrio', SUITE);
process.exitCode = runSuite(SUITE, environment, { MSTRIO_SOURCES: downloadSources(environment) });

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
