import type { UndoJob } from '../../packages/server/src/features/migrations/migration-jobs.ts';

/** For tests of those who run jobs, in which it gets no further than to its start. */
export const UNDO_JOB: UndoJob = {
  kind: 'undo',
  packageId: 'P',
  importId: 'I',
  undoPath: null,
  caller: { id: 'U', name: 'Ann', principalIds: [], bypassesSecurity: true },
  projectId: null,
};
