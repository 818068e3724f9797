import type { HolderImport } from '@longshore/contracts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { cancelImport } from './cancel-holder-job.ts';
import { getImport } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toHolderImport } from './holder-mapper.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { removeImport } from './remove-holder.ts';

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
 * Use case: forget an import, and its undo package. What was imported stays. One that is under way is cancelled first: it
 * is there as `DELETING` until all that it did was taken back.
 * @throws AppError `notFound`, `missing`, `invalid`; `busy` when it is being completed
 */
export async function deleteHolderImport(deps: HolderDeps, call: ImportCall): Promise<void> {
  const { platform, files } = deps;
  const { reader } = platform.library;
  const record = await getImport(reader, call.importId, call);
  if (record.status === 'PROCESSING') {
    const holder = await holderRepository(reader).findHolder(record.holderGuid);
    await cancelImport(deps, { holder, record }, call);
  }
  await platform.library.write(async (tx) => {
    const found = await getImport(tx, call.importId, call);
    if (found.status === 'PROCESSING') await holderImportRepository(tx).saveImport({ ...found, status: 'DELETING' });
    else if (found.status !== 'DELETING') await removeImport(tx, found);
  });
  await removeReleasedFiles(platform, files);
}
