import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs every check one after another, also when an earlier one failed, and ends with `N passed, N failed` over all of
 * them. Suites count their tests through vitest's JSON report; a check that is a single command counts as one.
 */

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly kind: 'command' | 'vitest' | 'pytest';
  readonly env?: Readonly<Record<string, string>>;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const CHECKS: readonly Check[] = [
  { name: 'format', command: ['npm', 'run', 'format:check'], kind: 'command' },
  { name: 'lint', command: ['npm', 'run', 'lint'], kind: 'command' },
  { name: 'types', command: ['npm', 'run', 'typecheck'], kind: 'command' },
  { name: 'tests', command: ['npm', 'test', '--'], kind: 'vitest' },
  { name: 'postgres', command: ['npm', 'run', 'test:postgres', '--'], kind: 'vitest' },
  { name: 'demo', command: ['npm', 'run', 'demo'], kind: 'command' },
  { name: 'clients', command: ['npm', 'run', 'test:clients', '--'], kind: 'pytest' },
  { name: 'fuzz', command: ['npm', 'run', 'test:fuzz', '--'], kind: 'pytest' },
  { name: 's3', command: ['npm', 'run', 'test:s3', '--'], kind: 'vitest' },
  { name: 'bench', command: ['npm', 'run', 'bench:smoke'], kind: 'command' },
  { name: 'crash', command: ['npm', 'run', 'test:crash', '--'], kind: 'vitest', env: { ROUNDS: '120' } },
  { name: 'faults', command: ['npm', 'run', 'test:faults', '--'], kind: 'vitest', env: { ROUNDS: '20' } },
];

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const [program = '', ...parameters] = command;
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function runCheck(check: Check, folder: string): Promise<Count> {
  if (check.kind === 'command') return (await run(check.command, check.env)) === 0 ? ONE_PASSED : ONE_FAILED;
  const report = join(folder, `${check.name}.report`);
  const suite = SUITES[check.kind];
  const code = await run([...check.command, ...suite.flags(report)], check.env);
  const count = await suite.read(report).catch(() => ({ passed: 0, failed: 0 }));
  // A suite that ends badly without a failed test (it could not start, or ran nothing) must not count as green.
  const isSilentFailure = (code !== 0 && count.failed === 0) || count.passed + count.failed === 0;
  return isSilentFailure ? { passed: count.passed, failed: count.failed + 1 } : count;
}

const ONE_PASSED: Count = { passed: 1, failed: 0 };
const ONE_FAILED: Count = { passed: 0, failed: 1 };

/** How a suite is told to write down its counts, and how these are read. */
const SUITES = {
  vitest: {
    flags: (report: string) => ['--reporter=default', '--reporter=json', `--outputFile=${report}`],
    async read(report: string): Promise<Count> {
      const counts = JSON.parse(await readFile(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
      return { passed: counts.numPassedTests, failed: counts.numFailedTests };
    },
  },
  pytest: {
    flags: (report: string) => [`--junitxml=${report}`],
    /** A skipped test counts as failed: nothing is skipped here without somebody noticing. */
    async read(report: string): Promise<Count> {
      const suite = /<testsuite [^>]*>/.exec(await readFile(report, 'utf8'))?.[0] ?? '';
      const number = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
      const failed = number('failures') + number('errors') + number('skipped');
      return { passed: number('tests') - failed, failed };
    },
  },
} as const;

const folder = await mkdtemp(join(tmpdir(), 'longshore-checks-'));
const results: { name: string; count: Count }[] = [];
for (const check of CHECKS) {
  process.stdout.write(`\n== ${check.name}\n`);
  results.push({ name: check.name, count: await runCheck(check, folder) });
}
await rm(folder, { recursive: true });

process.stdout.write('\n');
for (const { name, count } of results) {
  process.stdout.write(`${name.padEnd(10)} ${count.passed} passed, ${count.failed} failed\n`);
}
const passed = results.reduce((sum, { count }) => sum + count.passed, 0);
const failed = results.reduce((sum, { count }) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
