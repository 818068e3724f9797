import type { FileStore } from '../../platform/files/file-store.ts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import type { Platform } from '../../platform/platform.ts';
import { fileOf, type MigrationJob } from './migration-jobs.ts';
import { releasedFilesRepository } from './released-files.repository.ts';

/**
 * Removes what this process has written of a job that is another's by now: that one may have removed the file before it was
 * there. It stays when a record has it, or when what becomes of the job is still to be said.
 */
export async function removeLeftFile(platform: Platform, files: FileStore, job: MigrationJob): Promise<void> {
  const path = fileOf(job);
  if (path === null) return;
  await platform.library.write(async (tx) => {
    const released = releasedFilesRepository(tx);
    if (!(await released.isNamed(path))) await released.releaseFiles([path]);
  });
  await removeReleasedFiles(platform, files);
}

/**
 * Removes the files that were let go of. Called after each commit that did so, and at start. A file that cannot be
 * removed now stays on the list for the next start; nobody waits for it.
 */
export async function removeReleasedFiles(platform: Platform, files: FileStore): Promise<void> {
  const reader = releasedFilesRepository(platform.library.reader);
  for (const path of await reader.loadReleasedFiles()) {
    // A repeated import may have taken the path of its undo package back in the meantime.
    if (!(await reader.isReleased(path))) continue;
    try {
      await files.remove(parseStorePath(path));
      await platform.library.write((tx) => releasedFilesRepository(tx).keepFile(path));
    } catch (error) {
      platform.log.warn(
        { err: error, path },
        'A file of the shared file store could not be removed; tried again at start',
      );
    }
  }
}
