import { AppError, type CreateMigrationBody, type ShortMigration } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { PRIVILEGE, requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { packagePath } from '../../platform/files/store-path.ts';
import { IMPORT_PRIVILEGES, toCreator, toJobCaller } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { CreateJob, NamedRef } from './migration-jobs.ts';
import { toRef, toShortMigration } from './migration-mapper.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { readPackageRequest, requestedViews, type ContentProblems, type PackageRequest } from './package-request.ts';
import { packageViewsRepository } from './package-views.repository.ts';
import { readTargetProject } from './package-target.ts';
import { submitJob } from './submit-job.ts';
import { targetFactsRepository } from './target-facts.repository.ts';

export interface CreateMigration {
  readonly body: CreateMigrationBody;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly caller: Caller;
  readonly contentProblems: ContentProblems;
}

/**
 * Use case: build a new package (spec/api.md 2.7.1, mode A). The record is there, and the job under way, when this returns.
 * @throws AppError `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function createMigration(deps: MigrationDeps, request: CreateMigration): Promise<ShortMigration> {
  const { body, caller } = request;
  if (!body.packageInfo) throw new AppError('missing', 'The field packageInfo is required.');
  if (body.importInfo === undefined) throw new AppError('missing', 'The field importInfo is required; it may be {}.');
  const asked = readPackageRequest(body.packageInfo, request.contentProblems);
  const project = await sourceProject(deps, asked, request.projectId);
  const privileges = asked.settings.merge ? IMPORT_PRIVILEGES : [PRIVILEGE.createPackage];
  requirePrivileges(caller, privileges, project?.id ?? null);
  await deps.files.check();
  const { record, job } = newMigration(deps, { asked, project, request });
  await deps.platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    await records.savePackage(record.package);
    await records.saveImport(record.import);
    await packageViewsRepository(tx).saveViews(record.package.id, requestedViews(asked));
    await jobRepository(tx).addJob(job, 0, deps.platform.clock.now());
    await deps.runner.enqueue(tx, job);
  });
  await submitJob(deps, job);
  return toShortMigration(record);
}

/** The project that the header names, for a project package; a configuration package ignores the header. */
async function sourceProject(
  deps: MigrationDeps,
  asked: PackageRequest,
  projectId: string | null,
): Promise<NamedRef | null> {
  if (asked.type === 'configuration') return null;
  if (projectId === null) {
    throw new AppError(
      'missing',
      'The header X-MSTR-ProjectID with the source project is required for a project package.',
    );
  }
  const project = await targetFactsRepository(deps.platform.metadata.reader).findProject(projectId);
  if (!project) {
    throw new AppError('invalid', `The source project ${projectId} is not a project of this environment.`);
  }
  return project;
}

interface NewMigration {
  readonly asked: PackageRequest;
  readonly project: NamedRef | null;
  readonly request: CreateMigration;
}

function newMigration(deps: MigrationDeps, input: NewMigration): { record: MigrationRecord; job: CreateJob } {
  const { asked, project, request } = input;
  const { ids, clock } = deps.platform;
  const now = wireDate(clock.now());
  const packageId = ids.objectId();
  const importId = ids.objectId();
  const storagePath = packagePath(now.slice(0, 10), ids.objectId());
  const job: CreateJob = {
    kind: 'create',
    packageId,
    importId,
    type: asked.type,
    purpose: asked.purpose,
    name: asked.name,
    createdAt: now,
    caller: toJobCaller(request.caller, project?.id ?? null),
    environment: { id: asked.environment.id ?? '', name: asked.environment.name ?? asked.environment.id ?? '' },
    project,
    settings: asked.settings,
    content: asked.content,
    storagePath,
    maxBytes: deps.options.maxPackageBytes,
  };
  const record = {
    package: newPackage(job, input, now),
    import: pendingImport({ packageId, importId }, request.body, now),
  };
  return { record, job };
}

function newPackage(job: CreateJob, { asked, request }: NewMigration, now: string): PackageRecord {
  return {
    id: job.packageId,
    name: job.name,
    type: job.type,
    purpose: asked.purpose,
    replicated: false,
    creator: toCreator(request.caller),
    creationDate: now,
    lastUpdatedDate: now,
    environment: asked.environment,
    storagePath: job.storagePath,
    storageSize: null,
    project: job.project,
    status: 'creating',
    message: '',
    warnings: [],
    progress: 0,
    deleted: false,
    existing: true,
    certification: null,
  };
}

/**
 * The import part of a record on the source, where nothing has been asked for yet.
 * @throws AppError `invalid` when the target project's id is none.
 */
export function pendingImport(
  key: { readonly packageId: string; readonly importId: string },
  body: CreateMigrationBody,
  now: string,
): ImportRecord {
  return {
    id: key.importId,
    packageId: key.packageId,
    creator: null,
    creationDate: now,
    lastUpdatedDate: now,
    environment: toRef(body.importInfo?.environment),
    project: readTargetProject(body.importInfo?.project),
    status: 'pending',
    importRequestStatus: 'pending',
    undoRequestStatus: 'pending',
    progress: 0,
    message: '',
    undoPath: null,
    undoSize: null,
    validation: null,
  };
}
