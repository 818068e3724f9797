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
  { name: 'demo', command: ['npm', 'run', 'demo'], kind: 'command' },
  { name: 'crash', command: ['npm', 'run', 'test:crash', '--'], kind: 'vitest', env: { ROUNDS: '120' } },
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
  const report = join(folder, `${check.name}.json`);
  const code = await run(
    [...check.command, '--reporter=default', '--reporter=json', `--outputFile=${report}`],
    check.env,
  );
  const count = await readReport(report);
  // A suite that ends badly without a failed test (it could not start, or ran nothing) must not count as green.
  const isSilentFailure = (code !== 0 && count.failed === 0) || count.passed + count.failed === 0;
  return isSilentFailure ? { passed: count.passed, failed: count.failed + 1 } : count;
}

const ONE_PASSED: Count = { passed: 1, failed: 0 };
const ONE_FAILED: Count = { passed: 0, failed: 1 };

async function readReport(file: string): Promise<Count> {
  try {
    const report = JSON.parse(await readFile(file, 'utf8')) as { numPassedTests: number; numFailedTests: number };
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

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
