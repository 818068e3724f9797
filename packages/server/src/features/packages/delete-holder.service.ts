import type { ShortPackage } from '@longshore/contracts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { cancelCreation, cancelImport } from './cancel-holder-job.ts';
import { getHolder } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { removeHolder } from './remove-holder.ts';
import { toSessionId } from './session-id.ts';

export interface DeleteHolder extends HolderCall {
  readonly packageId: string;
}

/**
 * Use case: take a package and its file away; the session can have another one then. A job that has it is cancelled, and
 * the package is there as `DELETING` until that has ended: nothing of a creation is kept, an import is rolled back and says
 * so.
 * @throws AppError `notFound`, `missing`; `busy` when its import is being completed
 */
export async function deleteHolder(deps: HolderDeps, call: DeleteHolder): Promise<ShortPackage> {
  const { platform, files } = deps;
  const { reader } = platform.library;
  const found = await getHolder(reader, call.packageId, call);
  const importing = await holderImportRepository(reader).findUnderWayFrom(found.guid);
  if (found.status === 'PROCESSING') await cancelCreation(deps, found, call);
  else if (importing) await cancelImport(deps, { holder: found, record: importing }, call);
  await platform.library.write(async (tx) => {
    const holder = await getHolder(tx, call.packageId, call);
    const isInUse = holder.status === 'PROCESSING' || (await holderImportRepository(tx).findUnderWayFrom(holder.guid));
    if (isInUse) await holderRepository(tx).saveHolder({ ...holder, status: 'DELETING' });
    else if (holder.status !== 'DELETING') await removeHolder(tx, holder);
  });
  await removeReleasedFiles(platform, files);
  return { id: toSessionId(found), status: 'DELETING' };
}
