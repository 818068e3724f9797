import type { FloorRun } from '../cases/case.ts';
import { copyDatabase, floorDatabase, floorPackage, removeDatabase } from './run-floor.ts';

/** The floors, and what each starts from. */
export const FLOOR_RUNS = {
  create: {
    name: 'create',
    input: 'floor-new.sqlite',
    output: 'floor-made.zst',
    prepare: async (workspace) => void (await floorDatabase(workspace, 'new')),
  },
  import: {
    name: 'import',
    input: 'floor-package.zst',
    output: 'floor-target.sqlite',
    async prepare(workspace) {
      await floorPackage(workspace);
      removeDatabase(workspace, 'floor-target.sqlite');
    },
  },
  replace: {
    name: 'replace',
    input: 'floor-package.zst',
    output: 'floor-target.sqlite',
    async prepare(workspace) {
      await floorPackage(workspace);
      copyDatabase(workspace, await floorDatabase(workspace, 'old'), 'floor-target.sqlite');
    },
  },
  load: {
    name: 'load',
    input: 'new.ndjson',
    output: 'floor-target.sqlite',
    prepare: async (workspace) => removeDatabase(workspace, 'floor-target.sqlite'),
  },
  dump: {
    name: 'dump',
    input: 'floor-new.sqlite',
    output: 'floor-dump.ndjson',
    prepare: async (workspace) => void (await floorDatabase(workspace, 'new')),
  },
} as const satisfies Record<string, FloorRun>;
