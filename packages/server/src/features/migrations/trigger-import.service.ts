import { AppError, type PackageManifest, type ShortMigration, type TriggerImportBody } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { StorePath } from '../../platform/files/store-path.ts';
import { requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { uploadedPlaces } from '../storage/uploaded-places.repository.ts';
import { readImportRequest, type ImportRequest, type PackageClaim } from './import-request.ts';
import { IMPORT_PRIVILEGES, toJobCaller } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportJob, NamedRef } from './migration-jobs.ts';
import { toShortMigration } from './migration-mapper.ts';
import { requireSameRules, requireSameSettings } from './package-rules.ts';
import { saveReplica } from './replica.service.ts';
import { submitJob } from './submit-job.ts';
import { targetFactsRepository } from './target-facts.repository.ts';
import { chooseUndoPath } from './undo-package-path.ts';

export interface TriggerImport {
  readonly migrationId: string;
  readonly body: TriggerImportBody;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly generateUndo: boolean;
  readonly caller: Caller;
}

/**
 * Above this size of the package file the rules in the body are not compared object by object, which would keep the
 * caller waiting; those of the file count in any case.
 */
const RULES_COMPARED_UP_TO_BYTES = 8 * 1024 * 1024;

/**
 * Use case: import a package here (spec/api.md 2.7.5). The body is checked, never trusted: what is imported, and by
 * which rules, is in the package file alone.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `storageMisconfigured`
 */
export async function triggerImport(deps: MigrationDeps, input: TriggerImport): Promise<ShortMigration> {
  const request = readImportRequest(input.migrationId, input.body);
  const projectId = targetProjectId(request, input.projectId);
  requirePrivileges(input.caller, IMPORT_PRIVILEGES, projectId);
  await deps.files.check();
  const project = await findTargetProject(deps, projectId);
  await requirePackageFile(deps, request);
  const newest = await targetFactsRepository(deps.platform.metadata.reader).findNewestJob(request.key.importId);
  const undoPath = await chooseUndoPath(deps, request.key);
  const job = importJob(deps, { request, project, input, undoPath });
  const record = await saveReplica(deps, {
    request,
    project,
    caller: input.caller,
    job,
    journalBefore: newest?.number ?? 0,
    now: wireDate(deps.platform.clock.now()),
  });
  await submitJob(deps, job);
  return toShortMigration(record);
}

/** The header, or, where a client does not send it, the target project of the record. */
export function targetProjectId(
  request: Pick<PackageClaim, 'type' | 'targetProject'>,
  headerId: string | null,
): string | null {
  if (request.type === 'configuration') return null;
  const bodyId = request.targetProject?.id ?? null;
  if (headerId !== null && bodyId !== null && headerId !== bodyId) {
    throw new AppError(
      'invalid',
      `The header X-MSTR-ProjectID names project ${headerId}, but the import is for project ${bodyId} (importInfo.project).`,
    );
  }
  const projectId = headerId ?? bodyId;
  if (projectId !== null) return projectId;
  throw new AppError(
    'missing',
    'The header X-MSTR-ProjectID with the target project is required for a project package.',
  );
}

/** @throws AppError `invalid` for a project that this environment has not. */
export async function findTargetProject(
  deps: Pick<MigrationDeps, 'platform'>,
  projectId: string | null,
): Promise<NamedRef | null> {
  if (projectId === null) return null;
  const project = await targetFactsRepository(deps.platform.metadata.reader).findProject(projectId);
  if (!project) throw new AppError('invalid', `The target project ${projectId} is not a project of this environment.`);
  return project;
}

/**
 * The file is there, whole as far as its size tells, and is the package that the body speaks of.
 * @throws AppError `invalid`, `storageMisconfigured`
 */
export async function requirePackageFile(
  deps: Pick<MigrationDeps, 'platform' | 'files' | 'inspector'>,
  request: PackageClaim,
): Promise<void> {
  const { storagePath, storageSize } = request;
  await requireNotUploaded(deps, storagePath);
  const found = await deps.files.stat(storagePath);
  if (!found) {
    throw new AppError(
      'invalid',
      `The package file ${storagePath} is not in the shared file store. It may have been deleted on the source.`,
    );
  }
  if (found.size !== storageSize) {
    throw new AppError(
      'invalid',
      `packageInfo.storage.size is ${storageSize}, but the package file has ${found.size} bytes.`,
    );
  }
  const manifest = await deps.inspector.readManifest(storagePath);
  requireSamePackage(request, manifest);
  requireSameSettings(request.tocView?.settings, manifest);
  const content = request.tocView?.content ?? [];
  if (content.length === 0 || storageSize > RULES_COMPARED_UP_TO_BYTES) return;
  requireSameRules(content, await deps.inspector.readRules(storagePath));
}

/** What was uploaded is looked at more closely, and that only its own way in does. */
async function requireNotUploaded(
  { platform }: Pick<MigrationDeps, 'platform'>,
  storagePath: StorePath,
): Promise<void> {
  if (!(await uploadedPlaces(platform.library.reader).has(storagePath))) return;
  throw new AppError(
    'invalid',
    `The file ${storagePath} was uploaded. Import it with POST /api/migrations and the id of the file.`,
  );
}

function requireSamePackage(request: PackageClaim, manifest: PackageManifest): void {
  if (manifest.kind !== 'package') {
    throw new AppError('invalid', `The file ${request.storagePath} is an undo package, which cannot be imported.`);
  }
  if (manifest.packageId !== request.key.packageId) {
    throw new AppError(
      'invalid',
      `The file ${request.storagePath} holds package ${manifest.packageId}, not ${request.key.packageId}.`,
    );
  }
  if (manifest.type !== request.type) {
    throw new AppError(
      'invalid',
      `packageInfo.type is '${request.type}', but the package is of type '${manifest.type}'.`,
    );
  }
  if (manifest.purpose !== request.purpose) {
    throw new AppError(
      'invalid',
      `packageInfo.purpose is '${request.purpose}', but the package is for '${manifest.purpose}'.`,
    );
  }
}

interface JobInput {
  readonly request: ImportRequest;
  readonly project: NamedRef | null;
  readonly input: TriggerImport;
  readonly undoPath: StorePath;
}

function importJob(deps: MigrationDeps, { request, project, input, undoPath }: JobInput): ImportJob {
  const projectId = project?.id ?? null;
  return {
    kind: 'import',
    ...request.key,
    storagePath: request.storagePath,
    storageSize: request.storageSize,
    type: request.type,
    caller: toJobCaller(input.caller, projectId),
    projectId,
    generateUndo: input.generateUndo,
    undoPath,
    nameClash: deps.options.nameClash,
  };
}
