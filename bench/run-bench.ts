import { rmSync } from 'node:fs';
import { CASES } from './cases/index.ts';
import type { BenchCase } from './cases/case.ts';
import { compared, measureCase, type CaseResult } from './measure.ts';
import { readOptions } from './options.ts';
import { reportOf, tableOf } from './report.ts';
import { ResultsFile } from './results-file.ts';
import { scratchFolder } from './scratch-folder.ts';
import { Workspace } from './workspace.ts';

/** `npm run bench -- --objects N[,N…] --only CASE[,CASE…] --runs N --json FILE` (docs/performance.md). */

const options = readOptions(
  {
    name: 'npm run bench --',
    description: 'Measures a server over HTTP, and beside it the least that must be done (docs/performance.md).',
    choices: CASES.map(({ name }) => name),
    sizes: 'several',
  },
  process.argv.slice(2),
);

/** With those that they are compared with. */
function chosenCases(): readonly BenchCase[] {
  if (options.only.length === 0) return CASES;
  const names = new Set(options.only);
  for (const { name, comparedWith } of CASES) if (names.has(name) && comparedWith) names.add(comparedWith);
  return CASES.filter(({ name }) => names.has(name));
}

const file = new ResultsFile(options.json);
const folder = scratchFolder('bench', options.folder);
const bySize: CaseResult[][] = [];
const results = (): CaseResult[] => bySize.flatMap((ofSize) => compared(CASES, ofSize));
try {
  for (const size of options.sizes) {
    process.stderr.write(`${size} objects: data`);
    const workspace = await Workspace.create(folder, size);
    const ofSize: CaseResult[] = [];
    bySize.push(ofSize);
    for (const benchCase of chosenCases()) {
      process.stderr.write(`, ${benchCase.name}`);
      ofSize.push(await measureCase(benchCase, workspace, options.runs));
      file.put(reportOf(results(), new Date()));
    }
    process.stderr.write('\n');
    rmSync(workspace.folder, { recursive: true, force: true });
  }
} finally {
  process.stdout.write(tableOf(results()));
}
