import { CASES } from './cases/index.ts';
import { expectThat } from './cases/case.ts';
import { searchCase } from './cases/searches.ts';
import { measureCase } from './measure.ts';
import { tableOf } from './report.ts';
import { scratchFolder } from './scratch-folder.ts';
import { Workspace } from './workspace.ts';

/** Every case once at a small size: looks at what comes of it, and at no time. */

const OBJECTS = 1_000;
/** So many that the project has an index of its names. */
const INDEXED_OBJECTS = 20_000;

const folder = scratchFolder('bench-smoke');
const workspace = await Workspace.create(folder, OBJECTS);
for (const benchCase of CASES) {
  const result = await measureCase(benchCase, workspace, 1);
  expectThat(result.objects > 0 && result.wall > 0 && result.cpu > 0, `${benchCase.name} measured nothing`);
  expectThat(result.peakMemory > 0, `${benchCase.name} tells no memory`);
  expectThat((result.ratioToFloor === null) === (benchCase.floor === undefined), `${benchCase.name} and its floor`);
  process.stdout.write(tableOf([result]));
}
process.stdout.write(tableOf([await measureCase(searchCase, await Workspace.create(folder, INDEXED_OBJECTS), 1)]));
