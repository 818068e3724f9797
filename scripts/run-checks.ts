import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

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
  /** What failed, a line each: repeated at the end, where it is read also when the output before was cut. */
  readonly failures: readonly string[];
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
  { name: 'faults', command: ['npm', 'run', 'test:faults', '--'], kind: 'vitest', env: { ROUNDS: '40' } },
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
  if (check.kind === 'command') return commandCount(check, await run(check.command, check.env));
  const report = join(folder, `${check.name}.report`);
  const suite = SUITES[check.kind];
  const code = await run([...check.command, ...suite.flags(report)], check.env);
  const count = await suite.read(report).catch((): Count => ({ passed: 0, failed: 0, failures: [] }));
  // A suite that ends badly without a failed test (it could not start, or ran nothing) must not count as green.
  const isSilentFailure = (code !== 0 && count.failed === 0) || count.passed + count.failed === 0;
  if (!isSilentFailure) return count;
  return { ...count, failed: count.failed + 1, failures: [...count.failures, `ended with code ${code}`] };
}

function commandCount(check: Check, code: number): Count {
  if (code === 0) return { passed: 1, failed: 0, failures: [] };
  return { passed: 0, failed: 1, failures: [`${check.command.join(' ')}: ended with code ${code}`] };
}

/** The parts of vitest's JSON report that are read here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function vitestFailures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${file} > ${test.fullName}: ${test.failureMessages.map(firstLine).join('; ')}`);
    // A file that could not be read, or whose set-up failed, has no failed test of its own.
    return failed.length === 0 && status === 'failed' ? [`${file}: ${firstLine(message)}`] : failed;
  });
}

/** How a suite is told to write down its counts, and how these are read. */
const SUITES = {
  vitest: {
    flags: (report: string) => ['--reporter=default', '--reporter=json', `--outputFile=${report}`],
    async read(report: string): Promise<Count> {
      const result = JSON.parse(await readFile(report, 'utf8')) as VitestReport;
      return { passed: result.numPassedTests, failed: result.numFailedTests, failures: vitestFailures(result) };
    },
  },
  pytest: {
    flags: (report: string) => [`--junitxml=${report}`],
    /** A skipped test counts as failed: nothing is skipped here without somebody noticing. */
    async read(report: string): Promise<Count> {
      const text = await readFile(report, 'utf8');
      const suite = /<testsuite [^>]*>/.exec(text)?.[0] ?? '';
      const number = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
      const failed = number('failures') + number('errors') + number('skipped');
      const cases = text.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error|skipped) /g);
      const failures = [...cases].map(([, file, name]) => `${file} > ${name}`);
      return { passed: number('tests') - failed, failed, failures };
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
  for (const failure of count.failures) process.stdout.write(`failed: ${name}: ${failure}\n`);
}
for (const { name, count } of results) {
  process.stdout.write(`${name.padEnd(10)} ${count.passed} passed, ${count.failed} failed\n`);
}
const passed = results.reduce((sum, { count }) => sum + count.passed, 0);
const failed = results.reduce((sum, { count }) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
