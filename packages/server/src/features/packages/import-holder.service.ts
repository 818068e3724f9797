import { AppError, wrongState, type HolderImport } from '@longshore/contracts';
import { holderUndoPath } from '../../platform/files/store-path.ts';
import { requirePrivileges } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES, toJobCaller } from '../migrations/migration-caller.ts';
import type { ImportJob, UndoJob } from '../migrations/migration-jobs.ts';
import { jobRepository } from '../migrations/migration-jobs.repository.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import { requireProject } from './create-holder.service.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { openFile } from './holder-files.service.ts';
import { toHolderImport } from './holder-mapper.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { withPackage } from './package-entries.ts';
import { holderRepository } from './package-holders.repository.ts';
import { holderNotFound, parseSessionId, toSessionId } from './session-id.ts';
import { submitHolderJob } from './submit-holder-job.ts';

export interface ImportHolder extends HolderCall {
  readonly packageId: string | undefined;
  readonly generateUndo: boolean;
}

/**
 * Use case: import the session's package here (spec/api.md 2.11). The project of the header is the destination, and may
 * be another one than that of the package. An undo package rolls back what it is the undo of.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function importHolder(deps: HolderDeps, call: ImportHolder): Promise<HolderImport> {
  const { platform } = deps;
  if (!call.packageId) throw new AppError('missing', 'The query parameter packageId is required.');
  const holder = await getReadyHolder(deps, call.packageId, call);
  const projectId = await destination(deps, holder, call);
  requirePrivileges(call.caller, IMPORT_PRIVILEGES, projectId);
  await deps.files.check();
  await requireFile(deps, holder, projectId);
  const guid = platform.ids.objectId();
  const job = jobOf(deps, { holder, projectId, guid, call });
  const newest = await targetFactsRepository(platform.metadata.reader).findNewestJob(job.importId);
  const record: HolderImportRecord = {
    guid,
    sessionId: call.caller.sessionId,
    holderGuid: holder.guid,
    kind: job.kind,
    projectId,
    status: 'PROCESSING',
    message: '',
    progress: 0,
    undoPath: job.kind === 'import' ? job.undoPath : null,
    undoSize: null,
    journalImportId: job.importId,
    journalBefore: newest?.number ?? 0,
  };
  await platform.library.write(async (tx) => {
    const running = await holderImportRepository(tx).findUnderWayOf(call.caller.sessionId);
    if (running) throw wrongState(`status of import ${toSessionId(running)}`, running.status);
    if (!(await holderRepository(tx).findHolder(holder.guid))) throw holderNotFound(toSessionId(holder));
    await holderImportRepository(tx).saveImport(record);
    if (record.undoPath !== null) await releasedFilesRepository(tx).keepFile(record.undoPath);
    await jobRepository(tx).addJob(job, record.journalBefore, platform.clock.now());
    await deps.runner.enqueue(tx, job);
  });
  await submitHolderJob(deps, job);
  return toHolderImport(record, deps.progress);
}

/** The header names the destination here, so it is not held against the project of the package. */
async function getReadyHolder(deps: HolderDeps, packageId: string, { caller }: HolderCall): Promise<HolderRecord> {
  const key = parseSessionId(packageId);
  const found = key && (await holderRepository(deps.platform.library.reader).findHolder(key.guid));
  if (!found || found.sessionId !== caller.sessionId || found.projectId !== key.projectId) {
    throw holderNotFound(packageId);
  }
  if (found.status !== 'READY') throw wrongState('status', found.status);
  return found;
}

async function destination(
  deps: HolderDeps,
  { type }: HolderRecord,
  { projectId }: HolderCall,
): Promise<string | null> {
  if (type === 'configuration') return null;
  if (projectId === null) {
    throw new AppError(
      'missing',
      'The header X-MSTR-ProjectID with the destination project is required for a package of a project.',
    );
  }
  return (await requireProject(deps, projectId)).id;
}

async function requireFile(deps: HolderDeps, holder: HolderRecord, projectId: string | null): Promise<void> {
  const missing = `The file of package ${toSessionId(holder)} is not in the shared file store.`;
  const { stream } = await openFile(deps, holder.storagePath, missing);
  const manifest = await withPackage(stream, async (opened) => opened.manifest);
  if (manifest.kind !== 'undo' || projectId === null || manifest.project?.id === projectId) return;
  throw new AppError(
    'invalid',
    `The header X-MSTR-ProjectID names project ${projectId}, but the undo package is for project ${manifest.project?.id ?? ''}.`,
  );
}

interface JobParts {
  readonly holder: HolderRecord;
  readonly projectId: string | null;
  readonly guid: string;
  readonly call: ImportHolder;
}

function jobOf(deps: HolderDeps, { holder, projectId, guid, call }: JobParts): ImportJob | UndoJob {
  const { packageId, storagePath, storageSize, type, undoneImportId } = holder;
  if (packageId === null || storagePath === null || storageSize === null || type === null) {
    throw new Error(`The package ${holder.guid} is ready and has no file.`);
  }
  const caller = toJobCaller(call.caller, projectId);
  // The journal knows an undo by the import that it undoes.
  if (undoneImportId !== null) {
    const { guid: holderGuid } = holder;
    return { kind: 'undo', packageId, importId: undoneImportId, undoPath: storagePath, caller, projectId, holderGuid };
  }
  return {
    kind: 'import',
    packageId,
    importId: guid,
    storagePath,
    storageSize,
    type,
    caller,
    projectId,
    generateUndo: call.generateUndo,
    undoPath: holderUndoPath(guid),
    nameClash: deps.options.nameClash,
  };
}
