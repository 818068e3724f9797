import type { PutGroupBody, ShortGroup } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { markDeleted } from '../migrations/delete-package.service.ts';
import type { CreateJob } from '../migrations/migration-jobs.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { buildMembers } from './build-members.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireGroupKey, requireLiveGroup } from './group-key.ts';
import { toShortGroup } from './group-mapper.ts';
import type { Group, GroupRecord } from './group-records.ts';
import { readGroupRequest, type GroupRequest, type MemberRequest } from './group-request.ts';
import { requireForMembers } from './group-state.ts';
import { groupRepository } from './migration-groups.repository.ts';
import { createJob, emptyMember, type NewMember } from './new-member.ts';

export interface EditGroup {
  readonly groupId: string;
  readonly body: PutGroupBody;
  readonly caller: Caller;
}

/**
 * Use case: give a group other packages, which are built like those of a new one (spec/api.md 2.8). A package of the
 * same type and project as before keeps its ids; others are added or deleted. The old files go at once: what they hold
 * has been given up.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function editGroup(deps: GroupDeps, { groupId, body, caller }: EditGroup): Promise<ShortGroup> {
  const key = requireGroupKey(groupId);
  const { platform } = deps;
  const find = async (db: Executor<LibraryTables>): Promise<Group> =>
    requireLiveGroup(await groupRepository(db).findGroup(key.packageGroupId), key, groupId);
  const known = requireEditable(await find(platform.library.reader));
  const request = await readGroupRequest(deps, body, caller, known.record);
  await deps.files.check();
  const at = platform.clock.now();
  const now = wireDate(at);
  const { group, jobs } = await platform.library.write(async (tx) => {
    const before = requireEditable(await find(tx));
    const planned = request.members.map((member, position) => {
      const old = before.members.find((candidate) => isSamePackage(candidate, member));
      const planned = plan(deps, { old, position, group: request, request: member, caller, now });
      return { ...planned, member: withRequest(planned.member, before.record) };
    });
    await release(tx, before, { kept: planned.map(({ member }) => member.package.id), now });
    const record = edited(before.record, request, now);
    await groupRepository(tx).saveGroup(record);
    const members = await buildMembers(tx, { packageGroupId: record.packageGroupId, request, planned, at });
    const jobs = planned.map(({ job }) => job);
    await deps.chains.enqueue(tx, { packageGroupId: key.packageGroupId, work: 'create', jobs });
    return { group: { record, members }, jobs };
  });
  await removeReleasedFiles(platform, deps.files);
  await deps.chains.start({ packageGroupId: key.packageGroupId, work: 'create', jobs });
  return toShortGroup(group);
}

/** Members that were never built stand in nobody's way. */
function requireEditable(group: Group): Group {
  const built = group.members.filter((member) => member.package.status !== 'empty');
  requireForMembers('edit', group.record, built);
  return group;
}

function isSamePackage({ package: pkg }: MigrationRecord, { asked, project }: MemberRequest): boolean {
  return pkg.type === asked.type && (pkg.project?.id ?? null) === (project?.id ?? null);
}

interface PlannedEdit extends Omit<NewMember, 'key'> {
  readonly old: MigrationRecord | undefined;
}

function plan(deps: GroupDeps, { old, ...rest }: PlannedEdit): { member: MigrationRecord; job: CreateJob } {
  const { ids } = deps.platform;
  const key = old
    ? { packageId: old.package.id, importId: old.import.id }
    : { packageId: ids.objectId(), importId: ids.objectId() };
  const added: NewMember = { ...rest, key };
  const fresh = emptyMember(added);
  const job = createJob(deps, added);
  if (!old) return { member: fresh, job };
  const { creator, creationDate } = old.package;
  return {
    member: {
      package: { ...fresh.package, creator, creationDate },
      import: {
        ...fresh.import,
        creationDate: old.import.creationDate,
        project: fresh.import.project ?? old.import.project,
      },
    },
    job,
  };
}

/** The request is the group's, and its members have it too. */
function withRequest(member: MigrationRecord, { importRequestStatus }: GroupRecord): MigrationRecord {
  return { ...member, import: { ...member.import, importRequestStatus } };
}

interface Kept {
  /** Package ids. */
  readonly kept: readonly string[];
  readonly now: string;
}

/** Lets go of the files of all packages, and of the packages that are no longer in the group. */
async function release(tx: Executor<LibraryTables>, before: Group, { kept, now }: Kept): Promise<void> {
  for (const member of before.members) {
    const { id, storagePath } = member.package;
    if (!kept.includes(id)) await markDeleted(tx, { package: member.package, imports: [member.import] }, now);
    else if (storagePath !== null) await releasedFilesRepository(tx).releaseFiles([storagePath]);
  }
}

/** What was certified was the old content. */
function edited(before: GroupRecord, request: GroupRequest, now: string): GroupRecord {
  const { name, sourceEnvironment, targetEnvironment, treeView } = request;
  return {
    ...before,
    name,
    sourceEnvironment,
    targetEnvironment,
    treeView,
    certification: null,
    lastUpdatedDate: now,
    work: 'create',
  };
}
