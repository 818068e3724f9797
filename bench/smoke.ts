import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from './cases/index.ts';
import { expectThat } from './cases/case.ts';
import { measureCase } from './measure.ts';
import { tableOf } from './report.ts';
import { Workspace } from './workspace.ts';

/** Every case once at a small size: looks at what comes of it, and at no time. */

const OBJECTS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-smoke-'));
try {
  const workspace = await Workspace.create(folder, OBJECTS);
  for (const benchCase of CASES) {
    const result = await measureCase(benchCase, workspace, 1);
    expectThat(result.objects > 0 && result.wall > 0 && result.cpu > 0, `${benchCase.name} measured nothing`);
    expectThat(result.peakMemory > 0, `${benchCase.name} tells no memory`);
    expectThat((result.ratioToFloor === null) === (benchCase.floor === undefined), `${benchCase.name} and its floor`);
    process.stdout.write(tableOf([result]));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
