import type { CreatePlanBody, PackageManifest, Plan } from '@longshore/contracts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES, toCreator, toJobCaller } from '../migrations/migration-caller.ts';
import type { PackagePurpose } from '@longshore/domain';
import { isGroupPurpose } from '../migrations/group-member.ts';
import type { PackageClaim } from '../migrations/import-request.ts';
import { readUploadedManifest } from '../migrations/import-uploaded-file.service.ts';
import type { ImportOrder, NamedRef } from '../migrations/migration-jobs.ts';
import { findTargetProject, requirePackageFile, targetProjectId } from '../migrations/trigger-import.service.ts';
import { readValidationRequest } from '../migrations/validation/validation-request.ts';
import { findUploadedPackage } from '../storage/find-uploaded-package.ts';
import { getSharedFile } from '../storage/get-shared-file.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { PlanJob, PlanSubject } from './plan-job.ts';
import { toPlan } from './plan-mapper.ts';
import type { PlanRow } from './plans.repository.ts';

export interface CreatePlan {
  readonly body: CreatePlanBody;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly caller: Caller;
}

export interface CreateFilePlan {
  readonly fileId: string;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly caller: Caller;
}

/**
 * Use case, on the target: begin to plan an import (docs/plans.md). The body is checked as that of a validation: what
 * would be imported, and by which rules, is in the package file alone. A package that is not approved yet will do, and so
 * does a member of a group, which is planned by itself.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `busy`, `storageMisconfigured`
 */
export async function createPlan(deps: PlanDeps, input: CreatePlan): Promise<Plan> {
  const { caller, body } = input;
  const { purpose = 'object_migration' } = body.packageInfo;
  // Of its purpose the record alone tells that it is in a group; the file holds an object migration.
  const asked = isGroupPurpose(purpose ?? 'object_migration') ? 'object_migration' : purpose;
  const packageInfo = { ...body.packageInfo, purpose: asked };
  const request = readValidationRequest(body.id, { ...body, packageInfo });
  const projectId = targetProjectId(request, input.projectId);
  requirePrivileges(caller, IMPORT_PRIVILEGES, projectId);
  await deps.files.check();
  const project = await findTargetProject(deps, projectId);
  await requirePackageFile(deps, request);
  const manifest = await deps.inspector.readManifest(parseStorePath(request.storagePath));
  const shownPurpose = purpose ?? 'object_migration';
  return begin(deps, { package: { ...request, purpose: shownPurpose }, project, manifest, caller });
}

/**
 * Use case: begin to plan the import of a file that was uploaded here. There is no import yet whose id the plan could
 * have: it has that of the file in its place.
 * @throws AppError `notFound`, `invalid`, `missing`, `missingPrivilege`, `busy`, `storageMisconfigured`
 */
export async function createFilePlan(deps: PlanDeps, { fileId, caller, ...input }: CreateFilePlan): Promise<Plan> {
  await deps.files.check();
  await getSharedFile(deps, fileId);
  const file = await findUploadedPackage(deps, fileId);
  const projectId = targetProjectId({ type: file.packageType, targetProject: null }, input.projectId);
  requirePrivileges(caller, IMPORT_PRIVILEGES, projectId);
  const project = await findTargetProject(deps, projectId);
  const manifest = await readUploadedManifest(deps, file);
  const pkg: PlannedPackage = {
    key: { packageId: file.packageId, importId: file.guid },
    type: file.packageType,
    purpose: UPLOADED,
    storagePath: file.path,
    storageSize: file.size,
    contentPackageId: file.contentPackageId,
  };
  return begin(deps, { package: pkg, project, manifest, caller });
}

const UPLOADED: PackagePurpose = 'migration_from_shared_file_store';

type PlannedPackage = Pick<PackageClaim, 'key' | 'type' | 'purpose' | 'storagePath' | 'storageSize'> &
  Pick<ImportOrder, 'contentPackageId'>;

interface PlanInput {
  readonly package: PlannedPackage;
  readonly project: NamedRef | null;
  readonly manifest: PackageManifest;
  readonly caller: Caller;
}

async function begin(deps: PlanDeps, input: PlanInput): Promise<Plan> {
  const row = planRow(deps, input);
  const job = planJob(deps, row.id, input);
  await deps.keeper.add(row, (tx) => deps.runner.enqueue(tx, job));
  deps.runner.submit(job);
  return toPlan(row, null);
}

function planRow(deps: PlanDeps, { package: request, project, manifest, caller }: PlanInput): PlanRow {
  const subject: PlanSubject = {
    node: deps.node,
    creator: toCreator(caller),
    package: {
      id: request.key.packageId,
      name: manifest.name,
      type: request.type,
      purpose: request.purpose,
      size: request.storageSize,
      path: request.storagePath,
    },
    project,
    sourceProjectId: manifest.project?.id ?? null,
    settings: settingsOf(manifest, deps),
  };
  return {
    id: deps.platform.ids.objectId(),
    session_id: caller.sessionId,
    package_id: request.key.packageId,
    import_id: request.key.importId,
    project_id: project?.id ?? null,
    status: 'planning',
    message: '',
    progress: 0,
    created_at: deps.platform.clock.now(),
    ended_at: null,
    subject: JSON.stringify(subject),
    result: null,
  };
}

function settingsOf({ settings }: PackageManifest, { options }: PlanDeps): PlanSubject['settings'] {
  const { mergeRules: _, ...shown } = settings;
  return { ...shown, nameClash: options.nameClash };
}

function planJob(deps: PlanDeps, planId: string, { package: planned, project, caller }: PlanInput): PlanJob {
  const projectId = project?.id ?? null;
  const { contentPackageId } = planned;
  return {
    planId,
    order: {
      ...planned.key,
      storagePath: planned.storagePath,
      storageSize: planned.storageSize,
      type: planned.type,
      caller: toJobCaller(caller, projectId),
      projectId,
      nameClash: deps.options.nameClash,
      ...(contentPackageId === undefined ? {} : { contentPackageId }),
    },
  };
}
