import { wrongState, type HolderImport } from '@longshore/contracts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { getImport } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toHolderImport } from './holder-mapper.ts';
import { holderImportRepository } from './holder-imports.repository.ts';

export interface ImportCall extends HolderCall {
  readonly importId: string;
}

/**
 * Use case: how far an import of the session is.
 * @throws AppError `notFound`, `missing`, `invalid`
 */
export async function showHolderImport(deps: HolderDeps, call: ImportCall): Promise<HolderImport> {
  return toHolderImport(await getImport(deps.platform.library.reader, call.importId, call), deps.progress);
}

/**
 * Use case: forget an import that has ended, and its undo package. What was imported stays.
 * @throws AppError `notFound`, `missing`, `invalid` while it is under way
 */
export async function deleteHolderImport(deps: HolderDeps, call: ImportCall): Promise<void> {
  const { platform, files } = deps;
  await platform.library.write(async (tx) => {
    const found = await getImport(tx, call.importId, call);
    if (found.status === 'PROCESSING') throw wrongState('status', found.status);
    await holderImportRepository(tx).removeImport(found.guid);
    if (found.undoPath !== null) await releasedFilesRepository(tx).releaseFiles([found.undoPath]);
  });
  await removeReleasedFiles(platform, files);
}
