import { AppError } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { refuseMember } from './group-member.ts';
import type { ImportRequest } from './import-request.ts';
import { toCreator } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportJob, NamedRef } from './migration-jobs.ts';
import { migrationId } from './migration-key.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { migrationRepository, type MigrationRepository } from './migrations.repository.ts';
import { packageViewsRepository } from './package-views.repository.ts';
import { requireOperation, stateOf, stateRefusal } from './record-state.ts';
import { replaceUndoFile } from './undo-package-path.ts';

export interface StartedImport {
  readonly request: Pick<ImportRequest, 'key' | 'targetEnvironment'>;
  /** Target project; null for a configuration package. */
  readonly project: NamedRef | null;
  readonly caller: Caller;
  /** Wire date. */
  readonly now: string;
}

export interface NewReplica extends StartedImport {
  readonly request: ImportRequest;
  readonly job: ImportJob;
  /** Number of the newest journal transaction of the import so far. */
  readonly journalBefore: number;
}

/**
 * Writes the record of an import that starts now, together with its job. Where the package was built the one record
 * that is there is used, and stays an original.
 * @throws AppError `invalid` when the state of this environment's own record does not allow the import.
 */
export async function saveReplica(deps: MigrationDeps, replica: NewReplica): Promise<MigrationRecord> {
  const { key, tocViewText, treeViewText } = replica.request;
  return deps.platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const existing = await findExisting(records, replica);
    await refuseMember(tx, existing.package);
    const isOriginal = existing.package?.replicated === false;
    const record = {
      package: isOriginal && existing.package ? existing.package : replicaPackage(replica),
      import: startedImport(deps, replica),
    };
    if (existing.package?.deleted) await records.removeOtherImports(key);
    if (!isOriginal) {
      await records.savePackage(record.package);
      await packageViewsRepository(tx).saveViews(key.packageId, { tocView: tocViewText, treeView: treeViewText });
    }
    await records.saveImport(record.import);
    await replaceUndoFile(tx, existing.import, replica.job);
    await jobRepository(tx).addJob(replica.job, replica.journalBefore, deps.platform.clock.now());
    await deps.runner.enqueue(tx, replica.job);
    return record;
  });
}

export interface ExistingParts {
  readonly package: PackageRecord | undefined;
  readonly import: ImportRecord | undefined;
}

/**
 * What this environment has of an import that is to start, once it is sure that its state allows that.
 * @throws AppError `invalid`
 */
export async function findExisting(
  records: MigrationRepository,
  { request }: Pick<NewReplica, 'request'>,
): Promise<ExistingParts> {
  const { packageId, importId } = request.key;
  const found = { package: await records.findPackage(packageId), import: await records.findImport(importId) };
  if (found.import && found.import.packageId !== packageId) {
    throw new AppError('invalid', `The import ${importId} belongs to another package, ${found.import.packageId}.`);
  }
  if (found.package && !found.package.replicated) requireApproved(found.package, found.import, request);
  if (found.package && found.import && !found.package.deleted) {
    const state = stateOf({ package: found.package, import: found.import });
    requireOperation('import', { ...state, packageStatus: 'locked', replicated: true });
  }
  return found;
}

/** Where the package was built, its approval is known here, and the body is no proof of it. */
function requireApproved(pkg: PackageRecord, imported: ImportRecord | undefined, request: ImportRequest): void {
  if (pkg.deleted)
    throw new AppError('invalid', `The package ${pkg.id} was deleted in this environment, where it was created.`);
  if (!imported)
    throw new AppError('invalid', `The package ${pkg.id} has no migration ${migrationId(request.key)} here.`);
  if (pkg.status !== 'locked') throw stateRefusal({ field: 'packageInfo.status', value: pkg.status });
  if (imported.importRequestStatus !== 'approved') {
    throw stateRefusal({ field: 'importInfo.importRequestStatus', value: imported.importRequestStatus });
  }
  if (pkg.storagePath !== request.storagePath) {
    throw new AppError(
      'invalid',
      `packageInfo.storage.path is ${request.storagePath}, but the package is at ${pkg.storagePath}.`,
    );
  }
}

/** The copy of a package that another environment has built. */
export function replicaPackage({ request, now }: Pick<NewReplica, 'request' | 'now'>): PackageRecord {
  const { sourceProject } = request;
  return {
    id: request.key.packageId,
    name: request.name,
    type: request.type,
    purpose: request.purpose,
    replicated: true,
    creator: request.creator,
    creationDate: request.creationDate ?? now,
    lastUpdatedDate: request.lastUpdatedDate ?? now,
    environment: request.sourceEnvironment,
    storagePath: request.storagePath,
    storageSize: request.storageSize,
    project: sourceProject.id === undefined ? null : { id: sourceProject.id, name: sourceProject.name ?? '' },
    status: 'locked',
    message: '',
    warnings: [],
    progress: 100,
    deleted: false,
    existing: true,
    certification: request.certification,
  };
}

/** Set fresh, whatever the body says: who imports, when, and how far it is. */
export function startedImport(
  deps: Pick<MigrationDeps, 'options'>,
  { request, project, caller, now }: StartedImport,
): ImportRecord {
  const environment = request.targetEnvironment.id === undefined ? deps.options.environment : request.targetEnvironment;
  return {
    id: request.key.importId,
    packageId: request.key.packageId,
    creator: toCreator(caller),
    creationDate: now,
    lastUpdatedDate: now,
    environment,
    project,
    status: 'importing',
    importRequestStatus: 'approved',
    undoRequestStatus: 'pending',
    progress: 0,
    message: '',
    undoPath: null,
    undoSize: null,
    validation: null,
  };
}
