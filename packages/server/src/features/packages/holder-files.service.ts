import { AppError } from '@longshore/contracts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import type { FileDownload } from '../../platform/http/send-file.ts';
import { getHolder, getImport, requireStatus } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import type { HolderRecord } from './holder-records.ts';

/**
 * Use case: the file of a package.
 * @throws AppError `notFound`, `missing`, `invalid` while it is not ready, `storageMisconfigured`
 */
export async function downloadHolder(
  deps: HolderDeps,
  call: HolderCall & { readonly packageId: string },
): Promise<FileDownload> {
  const holder = await getReady(deps, call);
  const missing = `The file of package ${call.packageId} is not in the shared file store.`;
  return { ...(await openFile(deps, holder.storagePath, missing)), fileName: `${holder.guid}.mmp` };
}

/**
 * Use case: the undo package of an import.
 * @throws AppError `notFound` when there is none, `missing`, `invalid`, `storageMisconfigured`
 */
export async function downloadHolderUndo(
  deps: HolderDeps,
  call: HolderCall & { readonly importId: string },
): Promise<FileDownload> {
  const found = await getImport(deps.platform.library.reader, call.importId, call);
  const path = found.undoSize === null ? null : found.undoPath;
  const missing =
    `The import ${call.importId} has no undo package: it has not ended, was told not to make one, or the rule ` +
    'keep_both was in force.';
  return { ...(await openFile(deps, path, missing)), fileName: `${found.guid}_undo.mmp` };
}

/**
 * A package that has its file.
 * @throws AppError `notFound`, `missing`, `invalid`
 */
export async function getReady(
  deps: Pick<HolderDeps, 'platform'>,
  call: HolderCall & { readonly packageId: string },
): Promise<HolderRecord> {
  const holder = await getHolder(deps.platform.library.reader, call.packageId, call);
  requireStatus(holder, 'READY');
  return holder;
}

/** @throws AppError `notFound` with the message when there is no such file */
export async function openFile(
  { files }: Pick<HolderDeps, 'files'>,
  stored: string | null,
  missing: string,
): Promise<Omit<FileDownload, 'fileName'>> {
  const path = stored === null ? null : parseStorePath(stored);
  if (path === null || (await files.stat(path)) === null) throw new AppError('notFound', missing);
  return files.openRead(path);
}
