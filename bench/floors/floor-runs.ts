import type { FloorRun } from '../cases/case.ts';
import { copyDatabase, floorDatabase, floorPackage, removeDatabase } from './run-floor.ts';

const TARGET = 'floor-target.sqlite';

/** The floors, and what each starts from. */
export const FLOOR_RUNS = {
  create: {
    name: 'create',
    prepare: async (workspace, tuning) => ({
      input: await floorDatabase(workspace, 'new', tuning),
      output: 'floor-made.zst',
    }),
  },
  import: {
    name: 'import',
    async prepare(workspace) {
      removeDatabase(workspace, TARGET);
      return { input: await floorPackage(workspace), output: TARGET };
    },
  },
  replace: {
    name: 'replace',
    async prepare(workspace, tuning) {
      copyDatabase(workspace, await floorDatabase(workspace, 'old', tuning), TARGET);
      return { input: await floorPackage(workspace), output: TARGET };
    },
  },
  load: {
    name: 'load',
    async prepare(workspace) {
      removeDatabase(workspace, TARGET);
      return { input: await workspace.lines('new'), output: TARGET };
    },
  },
  dump: {
    name: 'dump',
    prepare: async (workspace, tuning) => ({
      input: await floorDatabase(workspace, 'new', tuning),
      output: 'floor-dump.ndjson',
    }),
  },
} as const satisfies Record<string, FloorRun>;
