import type { LibraryClient, Migration } from '@longshore/client';
import { FailedError } from '../exit-codes.ts';
import { note, STAGES, tellState, waitForStage, type Walk } from './journey.ts';

/** Asks for the undo of an import, approves it, and waits until it is done. Goes on where an earlier try stopped. */
export async function undoImport(id: string, target: LibraryClient, walk: Walk): Promise<Migration> {
  const before = await target.migrations.get(id, { signal: walk.signal });
  note(walk.journey, before);
  if (before.importInfo.status === 'undo_success') return before;
  if (before.importInfo.status !== 'undoing') await requestUndo(before, target, walk);
  walk.journey.phase = 'undo';
  const undone = await waitForStage(walk, target, STAGES.undo);
  walk.journey.phase = null;
  if (undone.importInfo.status === 'undo_success') return undone;
  const why = undone.importInfo.message || `it is ${undone.importInfo.status}`;
  throw new FailedError(`The undo failed on ${target.libraryUrl}; nothing has changed there. ${why}`);
}

async function requestUndo({ id, importInfo }: Migration, target: LibraryClient, walk: Walk): Promise<void> {
  const { signal } = walk;
  if (importInfo.undoRequestStatus !== 'requested') {
    signal.throwIfAborted();
    const asked = await target.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } });
    tellState(walk, STAGES.undo, asked, 'undo requested');
  }
  signal.throwIfAborted();
  const projectId = importInfo.project?.id;
  const approved = { importInfo: { undoRequestStatus: 'approved' } } as const;
  tellState(walk, STAGES.undo, await target.migrations.patch(id, approved, { projectId }), 'undo approved');
}
