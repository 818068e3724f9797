import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from './cases/index.ts';
import { compared, measureCase, type CaseResult } from './measure.ts';
import { readOptions } from './options.ts';
import { reportOf, tableOf } from './report.ts';
import { Workspace } from './workspace.ts';

/** `npm run bench -- --objects N[,N…] --only CASE[,CASE…] --runs N --json FILE` (docs/performance.md). */

const options = readOptions(process.argv.slice(2));
const unknown = options.only.filter((name) => !CASES.some((benchCase) => benchCase.name === name));
if (unknown.length > 0) {
  throw new Error(`There is no case ${unknown.join(', ')}; there are ${CASES.map(({ name }) => name).join(', ')}.`);
}
const chosen = CASES.filter(({ name }) => options.only.length === 0 || options.only.includes(name));

if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'longshore-bench-'));
const results: CaseResult[] = [];
try {
  for (const size of options.sizes) {
    process.stderr.write(`${size} objects: data`);
    const workspace = await Workspace.create(folder, size);
    const ofSize: CaseResult[] = [];
    for (const benchCase of chosen) {
      process.stderr.write(`, ${benchCase.name}`);
      ofSize.push(await measureCase(benchCase, workspace, options.runs));
    }
    process.stderr.write('\n');
    results.push(...compared(CASES, ofSize));
    rmSync(workspace.folder, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(tableOf(results));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(reportOf(results, new Date()), null, 2)}\n`);
  }
}
