import { AppError, type CreateMigrationBody, type PackageManifest, type ShortMigration } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { requirePrivileges } from '../../platform/http/access.ts';
import { findUploadedPackage, type UploadedPackage } from '../storage/find-uploaded-package.ts';
import { sharedFilesRepository } from '../storage/shared-files.repository.ts';
import type { CreateMigration } from './create-migration.service.ts';
import { undoPath } from '../../platform/files/store-path.ts';
import { IMPORT_PRIVILEGES, toJobCaller } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportJob } from './migration-jobs.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import { toRef, toShortMigration } from './migration-mapper.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { readTargetProject } from './package-target.ts';
import { packageViewsRepository } from './package-views.repository.ts';
import { releasedFilesRepository } from './released-files.repository.ts';
import { startedImport } from './replica.service.ts';
import { submitJob } from './submit-job.ts';
import { findTargetProject, targetProjectId } from './trigger-import.service.ts';

const PURPOSE = 'migration_from_shared_file_store';

/** Whether a create call is about an uploaded file (spec/api.md 2.7.1, mode C). */
export function isFromUploadedFile({ packageInfo }: CreateMigrationBody): boolean {
  return packageInfo?.purpose === PURPOSE || Boolean(packageInfo?.storage?.sharedFileStore);
}

/**
 * Use case: import a file that was uploaded here (spec/api.md 2.7.1, mode C). There is no request and no approval: the
 * call is both, and whoever makes it needs what an import needs. All imports of one file share its package.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `storageMisconfigured`
 */
export async function importUploadedFile(deps: MigrationDeps, request: CreateMigration): Promise<ShortMigration> {
  const { body, caller } = request;
  const fileId = readFileId(body.packageInfo);
  await deps.files.check();
  const file = await findUploadedPackage(deps, fileId);
  const projectId = targetOf(file, request);
  requirePrivileges(caller, IMPORT_PRIVILEGES, projectId);
  const project = await findTargetProject(deps, projectId);
  const manifest = await readUploadedManifest(deps, file);
  const { platform, options } = deps;
  const key = { packageId: file.packageId, importId: platform.ids.objectId() };
  const job: ImportJob = {
    kind: 'import',
    ...key,
    contentPackageId: file.contentPackageId,
    storagePath: file.path,
    storageSize: file.size,
    type: file.packageType,
    caller: toJobCaller(caller, projectId),
    projectId,
    generateUndo: true,
    undoPath: undoPath(key.packageId, key.importId),
    nameClash: options.nameClash,
  };
  const targetEnvironment = toRef(body.importInfo?.environment);
  const now = wireDate(platform.clock.now());
  const started = startedImport(deps, { request: { key, targetEnvironment }, project, caller, now });
  const record = await saveUploaded(deps, { file, manifest, started, job });
  await submitJob(deps, job);
  return toShortMigration(record);
}

/** The key is `files` in samples and `file` in prose; one file is one object, or an array of one. */
function readFileId(packageInfo: CreateMigrationBody['packageInfo']): string {
  const { purpose, storage } = packageInfo ?? {};
  if (purpose && purpose !== PURPOSE) {
    throw new AppError(
      'invalid',
      `packageInfo.purpose is '${purpose}', but a package in packageInfo.storage has the purpose '${PURPOSE}'.`,
    );
  }
  const { files, file } = storage?.sharedFileStore ?? {};
  const [first, ...others] = [files ?? file ?? []].flat();
  if (others.length > 0) {
    throw new AppError('invalid', 'packageInfo.storage.sharedFileStore.files must name one file: import one by one.');
  }
  if (first?.id) return first.id;
  throw new AppError('missing', 'The field packageInfo.storage.sharedFileStore.files.id is required.');
}

/** The header, or else the project of the import, or else that of the package; null for a configuration package. */
function targetOf(file: UploadedPackage, { body, projectId }: CreateMigration): string | null {
  const { packageInfo, importInfo } = body;
  if (packageInfo?.type && packageInfo.type !== file.packageType) {
    throw new AppError(
      'invalid',
      `packageInfo.type is '${packageInfo.type}', but the uploaded package is of type '${file.packageType}'.`,
    );
  }
  const ofImport = readTargetProject(importInfo?.project);
  const targetProject =
    ofImport ?? (projectId === null ? readTargetProject(packageInfo?.project, 'packageInfo.project') : null);
  return targetProjectId({ type: file.packageType, targetProject }, projectId);
}

/** The file was whole when it was uploaded; the store is shared, and others may have been at it since. @throws AppError `invalid` */
export async function readUploadedManifest(
  { inspector }: Pick<MigrationDeps, 'inspector'>,
  file: UploadedPackage,
): Promise<PackageManifest> {
  const manifest = await inspector.readManifest(file.path);
  const isSame = manifest.packageId === file.contentPackageId && manifest.type === file.packageType;
  if (isSame && manifest.kind === 'package') return manifest;
  throw new AppError('invalid', `The file ${file.path} is not the package that was uploaded. Upload it again.`);
}

interface NewUploaded {
  readonly file: UploadedPackage;
  readonly manifest: PackageManifest;
  readonly started: ImportRecord;
  readonly job: ImportJob;
}

function saveUploaded(deps: MigrationDeps, uploaded: NewUploaded): Promise<MigrationRecord> {
  const { file, manifest, started, job } = uploaded;
  return deps.platform.library.write(async (tx) => {
    const isThere = (await sharedFilesRepository(tx).findFile(file.guid))?.existing === true;
    if (!isThere) throw new AppError('invalid', `The file ${file.name} was deleted in the meantime. Upload it again.`);
    const records = migrationRepository(tx);
    const existing = await records.findPackage(file.packageId);
    if (existing && existing.storagePath !== file.path) {
      throw new AppError('invalid', `The package ${existing.id} is another one, at ${existing.storagePath}.`);
    }
    const record = { package: existing ?? uploadedPackage(uploaded), import: started };
    if (!existing) {
      await records.savePackage(record.package);
      await packageViewsRepository(tx).saveViews(file.packageId, { tocView: tocViewText(manifest), treeView: '{}' });
    }
    await records.saveImport(started);
    await releasedFilesRepository(tx).keepFile(job.undoPath);
    // The id of the import is new, so that no journal transaction can be an earlier one of it.
    await jobRepository(tx).addJob(job, 0, deps.platform.clock.now());
    await deps.runner.enqueue(tx, job);
    return record;
  });
}

function uploadedPackage({ file, manifest }: NewUploaded): PackageRecord {
  return {
    id: file.packageId,
    name: file.name,
    type: file.packageType,
    purpose: PURPOSE,
    replicated: true,
    creator: file.creator,
    creationDate: file.creationDate,
    lastUpdatedDate: file.lastUpdatedDate,
    environment: file.environment,
    storagePath: file.path,
    storageSize: file.size,
    project: manifest.project ?? null,
    status: 'locked',
    message: '',
    warnings: [],
    progress: 100,
    deleted: false,
    existing: true,
    certification: null,
  };
}

/** The settings under which the package was made. Its content is in the file alone. */
function tocViewText(manifest: PackageManifest): string {
  const { mergeRules: _digest, ...settings } = manifest.settings;
  return JSON.stringify({ settings });
}
