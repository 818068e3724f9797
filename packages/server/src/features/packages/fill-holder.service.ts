import { AppError, type FillPackageBody, type ShortPackage } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { holderPath } from '../../platform/files/store-path.ts';
import { PRIVILEGE, requirePrivileges } from '../../platform/http/access.ts';
import { toJobCaller } from '../migrations/migration-caller.ts';
import type { CreateJob, NamedRef } from '../migrations/migration-jobs.ts';
import { jobRepository } from '../migrations/migration-jobs.repository.ts';
import { readPackageRequest, type PackageRequest } from '../migrations/package-request.ts';
import { requireProject } from './create-holder.service.ts';
import { getHolder, requireStatus } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toShortPackage } from './holder-mapper.ts';
import type { HolderRecord } from './holder-records.ts';
import { holderRepository } from './package-holders.repository.ts';
import { submitHolderJob } from './submit-holder-job.ts';

export interface FillHolder extends HolderCall {
  readonly packageId: string;
  readonly body: FillPackageBody;
}

/**
 * Use case: says what an empty package is to hold; a job builds it (spec/api.md 2.11).
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function fillHolder(deps: HolderDeps, call: FillHolder): Promise<ShortPackage> {
  const { platform } = deps;
  const before = await getHolder(platform.library.reader, call.packageId, call);
  requireStatus(before, 'EMPTY');
  const asked = readAsked(deps, before, call.body);
  const project = asked.type === 'configuration' ? null : await sourceProject(deps, before, asked);
  requirePrivileges(call.caller, [PRIVILEGE.createPackage], project?.id ?? null);
  await deps.files.check();
  const job = createJob(deps, { holder: before, asked, project, call });
  const holder = await platform.library.write(async (tx) => {
    const found = await getHolder(tx, call.packageId, call);
    requireStatus(found, 'EMPTY');
    const view = { settings: asked.settings };
    const filling: HolderRecord = {
      ...found,
      status: 'PROCESSING',
      type: asked.type,
      view,
      storagePath: job.storagePath,
    };
    await holderRepository(tx).saveHolder(filling);
    await jobRepository(tx).addJob(job, 0, platform.clock.now());
    await deps.runner.enqueue(tx, job);
    return filling;
  });
  await submitHolderJob(deps, job);
  return toShortPackage(holder);
}

/** Fields stand at the top of the body here, and paths in refusals are those of the body. */
function readAsked(deps: HolderDeps, { guid }: HolderRecord, body: FillPackageBody): PackageRequest {
  const { type, settings, content } = body;
  try {
    return readPackageRequest({
      ...(type ? { type } : {}),
      purpose: 'object_migration',
      name: `Package ${guid}`,
      environment: deps.options.environment,
      tocView: { settings: settings ?? null, content: content ?? null },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const message = error.message.replaceAll('packageInfo.tocView.', '').replaceAll('packageInfo.', '');
    throw new AppError(error.kind, message, { subErrors: error.subErrors, cause: error });
  }
}

function sourceProject(deps: HolderDeps, { projectId }: HolderRecord, { type }: PackageRequest): Promise<NamedRef> {
  if (projectId !== null) return requireProject(deps, projectId);
  throw new AppError(
    'invalid',
    `type is '${type}', but the package was made without the header X-MSTR-ProjectID, as one for the configuration. ` +
      'Delete it, and make one with the header.',
  );
}

interface JobParts {
  readonly holder: HolderRecord;
  readonly asked: PackageRequest;
  readonly project: NamedRef | null;
  readonly call: FillHolder;
}

function createJob(deps: HolderDeps, { holder, asked, project, call }: JobParts): CreateJob {
  const { clock } = deps.platform;
  return {
    kind: 'create',
    packageId: holder.guid,
    // It has no import, and is found by the package alone.
    importId: holder.guid,
    type: asked.type,
    purpose: asked.purpose,
    name: asked.name,
    createdAt: wireDate(clock.now()),
    caller: toJobCaller(call.caller, project?.id ?? null),
    environment: deps.options.environment,
    project,
    settings: asked.settings,
    content: asked.content,
    storagePath: holderPath(holder.guid),
    maxBytes: deps.options.maxPackageBytes,
  };
}
