import type { CreatePlanBody, PackageManifest, Plan } from '@longshore/contracts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES, toCreator, toJobCaller } from '../migrations/migration-caller.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import { findTargetProject, requirePackageFile, targetProjectId } from '../migrations/trigger-import.service.ts';
import { readValidationRequest, type ValidationRequest } from '../migrations/validation/validation-request.ts';
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

/**
 * Use case, on the target: begin to plan an import (docs/plans.md). The body is checked as that of a validation: what
 * would be imported, and by which rules, is in the package file alone. A package that is not approved yet will do.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `busy`, `storageMisconfigured`
 */
export async function createPlan(deps: PlanDeps, input: CreatePlan): Promise<Plan> {
  const request = readValidationRequest(input.body.id, input.body);
  const projectId = targetProjectId(request, input.projectId);
  requirePrivileges(input.caller, IMPORT_PRIVILEGES, projectId);
  await deps.files.check();
  const project = await findTargetProject(deps, projectId);
  await requirePackageFile(deps, request);
  const manifest = await deps.inspector.readManifest(parseStorePath(request.storagePath));
  const row = planRow(deps, { request, project, manifest, caller: input.caller });
  const job = planJob(deps, row.id, { request, project, manifest, caller: input.caller });
  await deps.keeper.add(row, (tx) => deps.runner.enqueue(tx, job));
  deps.runner.submit(job);
  return toPlan(row, null);
}

interface PlanInput {
  readonly request: ValidationRequest;
  readonly project: NamedRef | null;
  readonly manifest: PackageManifest;
  readonly caller: Caller;
}

function planRow(deps: PlanDeps, { request, project, manifest, caller }: PlanInput): PlanRow {
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

function planJob(deps: PlanDeps, planId: string, { request, project, caller }: PlanInput): PlanJob {
  const projectId = project?.id ?? null;
  return {
    planId,
    order: {
      ...request.key,
      storagePath: request.storagePath,
      storageSize: request.storageSize,
      type: request.type,
      caller: toJobCaller(caller, projectId),
      projectId,
      nameClash: deps.options.nameClash,
    },
  };
}
