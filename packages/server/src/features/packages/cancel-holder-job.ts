import { AppError } from '@longshore/contracts';
import type { JobKey } from '../migrations/migration-jobs.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';

type CancelDeps = Pick<HolderDeps, 'runner'>;

/** Nothing of a creation is kept before its end is recorded, so that this never comes too late. */
export async function cancelCreation(deps: CancelDeps, { guid }: HolderRecord, { caller }: HolderCall): Promise<void> {
  await deps.runner.cancel({ kind: 'create', packageId: guid, importId: guid }, caller.user.name);
}

/** @throws AppError `busy` when the commit of the import has begun */
export async function cancelImport(
  deps: CancelDeps,
  { holder, record }: { readonly holder: HolderRecord | undefined; readonly record: HolderImportRecord },
  { caller }: HolderCall,
): Promise<void> {
  const answer = await deps.runner.cancel(importKeyOf(holder, record), caller.user.name);
  if (answer === 'tooLate') throw new AppError('busy', TOO_LATE);
}

const TOO_LATE =
  'It is too late to stop the import: it is being completed at this moment. Read it to see how it ended, and delete it then.';

function importKeyOf(holder: HolderRecord | undefined, record: HolderImportRecord): JobKey {
  return record.kind === 'undo'
    ? { kind: 'undo', packageId: record.holderGuid, importId: record.journalImportId }
    : { kind: 'import', packageId: holder?.packageId ?? '', importId: record.guid };
}
