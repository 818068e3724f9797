import type { ScratchDatabase } from '../../../platform/db/scratch-database.ts';
import type { PackageThread } from './package-thread-questions.ts';
import type { ReferenceStaging } from './reference-staging.ts';

/**
 * Stages references in the thread that checks the package, in a scratch database. Nothing waits for it before the end: the
 * thread is asked for each chunk in between, so that it never has more than a few of them to do.
 */
export function referencesBeside(thread: PackageThread, { file, unlink }: ScratchDatabase): ReferenceStaging {
  const failure: { error?: unknown } = {};
  const noteFailure = (error: unknown): void => {
    failure.error ??= error;
  };
  // Until both have it open, it is needed by its name.
  thread.ask({ kind: 'open', file }).then(unlink).catch(noteFailure);
  return {
    async add(needed) {
      if (failure.error !== undefined) throw failure.error;
      thread.ask({ kind: 'stage', needed }, [needed.positions.buffer, needed.types.buffer]).catch(noteFailure);
    },
    async finish() {
      await thread.ask({ kind: 'finish' }).catch(noteFailure);
      if (failure.error !== undefined) throw failure.error;
    },
  };
}
