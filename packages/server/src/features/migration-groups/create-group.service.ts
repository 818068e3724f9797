import type { CreateGroupBody, ShortGroup } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { CreateJob } from '../migrations/migration-jobs.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { buildMembers } from './build-members.ts';
import type { GroupChain } from './group-chains.service.ts';
import type { GroupDeps } from './group-deps.ts';
import { toShortGroup } from './group-mapper.ts';
import type { GroupRecord } from './group-records.ts';
import { readGroupRequest, type GroupRequest } from './group-request.ts';
import { groupRepository } from './migration-groups.repository.ts';
import { createJob, emptyMember, type NewMember } from './new-member.ts';

export interface CreateGroup {
  readonly body: CreateGroupBody;
  readonly caller: Caller;
}

/**
 * Use case: build the packages of a new group, one after another in the order of the body (spec/api.md 2.8). The group
 * is there, and its first package under way, when this returns.
 * @throws AppError `missing`, `invalid` with the path of the field, `missingPrivilege`, `storageMisconfigured`
 */
export async function createGroup(deps: GroupDeps, { body, caller }: CreateGroup): Promise<ShortGroup> {
  const request = await readGroupRequest(deps, body, caller);
  await deps.files.check();
  const { ids, clock, library } = deps.platform;
  const at = clock.now();
  const now = wireDate(at);
  const record = newGroup({ packageGroupId: ids.objectId(), importGroupId: ids.objectId() }, request, now);
  const planned = request.members.map((member, position): { member: MigrationRecord; job: CreateJob } => {
    const key = { packageId: ids.objectId(), importId: ids.objectId() };
    const added: NewMember = { key, position, group: request, request: member, caller, now };
    return { member: emptyMember(added), job: createJob(deps, added) };
  });
  const chain: GroupChain = {
    packageGroupId: record.packageGroupId,
    work: 'create',
    jobs: planned.map(({ job }) => job),
  };
  const members = await library.write(async (tx) => {
    await groupRepository(tx).saveGroup(record);
    const built = await buildMembers(tx, { packageGroupId: record.packageGroupId, request, planned, at });
    await deps.chains.enqueue(tx, chain);
    return built;
  });
  await deps.chains.start(chain);
  return toShortGroup({ record, members });
}

function newGroup(
  key: Pick<GroupRecord, 'packageGroupId' | 'importGroupId'>,
  { name, sourceEnvironment, targetEnvironment, treeView }: GroupRequest,
  now: string,
): GroupRecord {
  return {
    ...key,
    name,
    replicated: false,
    sourceEnvironment,
    targetEnvironment,
    treeView,
    importRequestStatus: 'pending',
    undoRequestStatus: 'pending',
    creationDate: now,
    lastUpdatedDate: now,
    certification: null,
    deleted: false,
    work: 'create',
  };
}
