import { wrongState, type ShortPackage } from '@longshore/contracts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { getHolder } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { toSessionId } from './session-id.ts';

export interface DeleteHolder extends HolderCall {
  readonly packageId: string;
}

/**
 * Use case: take a package and its file away; the session can have another one then.
 * @throws AppError `notFound`, `missing`, `invalid` while a job is at work on it
 */
export async function deleteHolder(deps: HolderDeps, call: DeleteHolder): Promise<ShortPackage> {
  const { platform, files } = deps;
  const deleted = await platform.library.write(async (tx) => {
    const holder = await getHolder(tx, call.packageId, call);
    if (holder.status === 'PROCESSING') throw wrongState('status', 'PROCESSING');
    const importing = await holderImportRepository(tx).findProcessingFrom(holder.guid);
    if (importing) throw wrongState(`status of import ${toSessionId(importing)}`, importing.status);
    await holderRepository(tx).removeHolder(holder.guid);
    if (holder.storagePath !== null) await releasedFilesRepository(tx).releaseFiles([holder.storagePath]);
    return holder;
  });
  await removeReleasedFiles(platform, files);
  return { id: toSessionId(deleted), status: 'DELETING' };
}
