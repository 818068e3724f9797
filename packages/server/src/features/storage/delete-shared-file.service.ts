import { AppError } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';
import { fileNotFound, requireGuid } from './shared-file-id.ts';
import { sharedFilesRepository } from './shared-files.repository.ts';

/**
 * Use case: delete an uploaded file, metadata and bytes (spec/api.md 2.9). Records of migrations made from it stay, and
 * show that their package is gone.
 * @throws AppError `notFound`, `busy` while it is uploaded or imported
 */
export async function deleteSharedFile(deps: SharedFileDeps, fileId: string, caller: Caller): Promise<void> {
  const guid = requireGuid(fileId);
  const release = deps.held.hold(guid);
  try {
    const path = await deps.platform.library.write(async (tx) => {
      const repository = sharedFilesRepository(tx);
      const found = await repository.findFile(guid);
      if (!found) throw fileNotFound(fileId);
      if (await repository.isBeingImported(found.path)) {
        throw new AppError('busy', `The package at ${found.path} is being imported. Delete it when that has ended.`);
      }
      await repository.removeFile(guid);
      await releasedFilesRepository(tx).releaseFiles([found.path]);
      return found.path;
    });
    const { user } = caller;
    deps.platform.log.info({ path, userId: user.id }, `Uploaded file deleted by ${user.name}`);
    await removeReleasedFiles(deps.platform, deps.files);
  } finally {
    release();
  }
}
