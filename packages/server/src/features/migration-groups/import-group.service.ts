import { AppError, type PutGroupBody, type ShortGroup } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { requirePrivileges, type Caller } from '../../platform/http/access.ts';
import type { ImportRequest } from '../migrations/import-request.ts';
import { IMPORT_PRIVILEGES, toJobCaller } from '../migrations/migration-caller.ts';
import type { ImportJob, NamedRef } from '../migrations/migration-jobs.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import { findTargetProject, requirePackageFile } from '../migrations/trigger-import.service.ts';
import { chooseUndoPath } from '../migrations/undo-package-path.ts';
import { forMember } from './at-member.ts';
import type { GroupDeps } from './group-deps.ts';
import { readGroupImport, type MemberImport } from './group-import-request.ts';
import { toShortGroup } from './group-mapper.ts';
import { saveGroupReplica, type PlannedImport } from './group-replica.service.ts';

export interface ImportGroup {
  readonly groupId: string;
  readonly body: PutGroupBody;
  readonly generateUndo: boolean;
  readonly caller: Caller;
}

/**
 * Use case: import the packages of a group here, one after another (spec/api.md 2.8). Every member is checked by the
 * rules of a single import before any of them starts; one that cannot be imported refuses the whole call. In a group
 * that was imported in part, members that are imported stay as they are.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `storageMisconfigured`
 */
export async function importGroup(deps: GroupDeps, input: ImportGroup): Promise<ShortGroup> {
  const request = await readGroupImport(input.groupId, input.body, deps.groupOptions.maxGroupMembers);
  const targets = new Map<string, NamedRef | null>();
  for (const [index, { request: member }] of request.members.entries()) {
    targets.set(member.key.importId, await forMember(index, () => requireTarget(deps, member, input.caller)));
  }
  await deps.files.check();
  const planned: PlannedImport[] = [];
  for (const [index, member] of request.members.entries()) {
    const project = targets.get(member.request.key.importId) ?? null;
    planned.push(await forMember(index, () => planMember(deps, { member, project, input })));
  }
  const at = deps.platform.clock.now();
  const replica = { request, planned, caller: input.caller, at, now: wireDate(at) };
  const { group, jobs } = await saveGroupReplica(deps, replica);
  await deps.chains.start({ packageGroupId: request.key.packageGroupId, work: 'import', jobs });
  return toShortGroup(group);
}

/** Groups have no project header: the target project of each package is in the body. */
async function requireTarget(deps: GroupDeps, request: ImportRequest, caller: Caller): Promise<NamedRef | null> {
  const isProject = request.type !== 'configuration';
  const projectId = isProject ? (request.targetProject?.id ?? null) : null;
  if (isProject && projectId === null) {
    throw new AppError('missing', 'The field importInfo.project with the target project is required.');
  }
  requirePrivileges(caller, IMPORT_PRIVILEGES, projectId);
  return findTargetProject(deps, projectId);
}

interface PlanParts {
  readonly member: MemberImport;
  readonly project: NamedRef | null;
  readonly input: ImportGroup;
}

async function planMember(deps: GroupDeps, { member, project, input }: PlanParts): Promise<PlannedImport> {
  const { request } = member;
  // Of its purpose the record alone tells that it is in a group; the file holds an object migration.
  await requirePackageFile(deps, { ...request, purpose: 'object_migration' });
  const newest = await targetFactsRepository(deps.platform.metadata.reader).findNewestJob(request.key.importId);
  const projectId = project?.id ?? null;
  const job: ImportJob = {
    kind: 'import',
    ...request.key,
    storagePath: request.storagePath,
    storageSize: request.storageSize,
    type: request.type,
    caller: toJobCaller(input.caller, projectId),
    projectId,
    generateUndo: input.generateUndo,
    undoPath: await chooseUndoPath(deps, request.key),
    nameClash: deps.options.nameClash,
  };
  return { ...member, project, job, journalBefore: newest?.number ?? 0 };
}
