import { AppError, type EditedPackage, type EditPackageBody } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import { packagePath } from '../../platform/files/store-path.ts';
import { PRIVILEGE, requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { parseCertification } from './certification/certify-package.service.ts';
import { IMPORT_PRIVILEGES, toCreator, toJobCaller } from './migration-caller.ts';
import { refuseMember } from './group-member.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import type { CreateJob } from './migration-jobs.ts';
import { migrationNotFound, requireMigrationKey } from './migration-key.ts';
import type { MigrationRecord, PackageRecord } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { readPackageRequest, requestedViews, type PackageRequest } from './package-request.ts';
import { packageViewsRepository } from './package-views.repository.ts';
import { requireOperation, stateOf } from './record-state.ts';
import { submitJob } from './submit-job.ts';

export interface EditPackage {
  readonly migrationId: string;
  readonly body: EditPackageBody;
  readonly caller: Caller;
}

/**
 * Use case: change the name, the rules and the content of a package that nobody has approved yet (spec/api.md 2.7.6).
 * It is built again under the same ids and a new path. The file before it stays until the new one is there; when the
 * building fails both go, as a package that could not be created has no file. A validation and a certification were
 * about the old content and do not outlive it.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function editPackage(deps: MigrationDeps, input: EditPackage): Promise<EditedPackage> {
  const key = requireMigrationKey(input.migrationId);
  const { platform } = deps;
  await deps.files.check();
  const job = await platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const record = await records.findMigration(key);
    if (!record || record.package.deleted) throw migrationNotFound(input.migrationId);
    const imports = await records.loadImportsOf(key.packageId);
    requireRights(input.caller, record.package);
    await refuseMember(tx, record.package);
    for (const imported of imports) requireOperation('edit', stateOf({ package: record.package, import: imported }));
    const asked = readEdit(input.body, record.package);
    const job = rebuildJob(deps, { record, asked, caller: input.caller });
    await records.savePackage(rebuilding(record.package, job, input.caller));
    for (const imported of imports) {
      if (imported.validation !== null) await records.saveImport({ ...imported, validation: null });
    }
    await packageViewsRepository(tx).saveViews(key.packageId, requestedViews(asked));
    await jobRepository(tx).addJob(job, 0, platform.clock.now());
    await deps.runner.enqueue(tx, job);
    return job;
  });
  await submitJob(deps, job);
  return { id: key.packageId, status: 'creating', progress: 0 };
}

/** The same as for creating such a package. */
function requireRights(caller: Caller, pkg: PackageRecord): void {
  const needed = pkg.purpose === 'project_merge' ? IMPORT_PRIVILEGES : [PRIVILEGE.createPackage];
  requirePrivileges(caller, needed, pkg.project?.id ?? null);
}

/** The package as it is asked for now. What it is for, and where it comes from, cannot be changed. */
function readEdit(body: EditPackageBody, pkg: PackageRecord): PackageRequest {
  for (const field of ['type', 'name', 'tocView'] as const) {
    if (body[field] === undefined || body[field] === null) {
      throw new AppError(
        'missing',
        `The field ${field} is required; the fields of the package stand at the top level.`,
      );
    }
  }
  requireUnchanged('type', body.type, pkg.type);
  requireUnchanged('purpose', body.purpose, pkg.purpose);
  const projectId = body.project?.id;
  requireUnchanged('project.id', projectId && (parseObjectId(projectId) ?? projectId), pkg.project?.id);
  const { name, tocView, treeView } = body;
  return readPackageRequest({
    type: pkg.type,
    purpose: pkg.purpose,
    environment: pkg.environment,
    name: name ?? null,
    tocView: tocView ?? null,
    treeView,
  });
}

function requireUnchanged(field: string, asked: string | null | undefined, stored: string | undefined): void {
  if (!asked || asked === stored) return;
  throw new AppError(
    'invalid',
    `${field} is '${asked}', but that of the package is '${stored ?? ''}' and cannot be changed. Create another package.`,
  );
}

interface Rebuild {
  readonly record: MigrationRecord;
  readonly asked: PackageRequest;
  readonly caller: Caller;
}

function rebuildJob(deps: MigrationDeps, { record, asked, caller }: Rebuild): CreateJob {
  const { ids, clock } = deps.platform;
  const { package: pkg } = record;
  const now = wireDate(clock.now());
  return {
    kind: 'create',
    packageId: pkg.id,
    importId: record.import.id,
    type: pkg.type,
    purpose: pkg.purpose,
    name: asked.name,
    createdAt: now,
    caller: toJobCaller(caller, pkg.project?.id ?? null),
    environment: { id: pkg.environment.id ?? '', name: pkg.environment.name ?? pkg.environment.id ?? '' },
    project: pkg.project,
    settings: asked.settings,
    content: asked.content,
    storagePath: packagePath(now.slice(0, 10), ids.objectId()),
    ...(pkg.storagePath === null ? {} : { replacedPath: pkg.storagePath }),
    maxBytes: deps.options.maxPackageBytes,
  };
}

function rebuilding(pkg: PackageRecord, job: CreateJob, caller: Caller): PackageRecord {
  return {
    ...pkg,
    name: job.name,
    status: 'creating',
    progress: 0,
    message: '',
    warnings: [],
    storagePath: job.storagePath,
    storageSize: null,
    existing: true,
    lastUpdatedDate: job.createdAt,
    certification: uncertified(pkg, caller, job.createdAt),
  };
}

function uncertified(pkg: PackageRecord, caller: Caller, now: string): string | null {
  const before = parseCertification(pkg.certification);
  if (!before || before.status === 'uncertified') return pkg.certification;
  const operator = toCreator(caller);
  return JSON.stringify({
    status: 'uncertified',
    operator: { ...operator, fullName: operator.name },
    lastUpdatedDate: now,
  });
}
