import type { ShortGroup, UpdateGroupBody } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { migrationRepository } from '../migrations/migrations.repository.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import { undoJob } from '../migrations/update-migration.service.ts';
import { requireGroupAccess } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireGroupKey, requireLiveGroup } from './group-key.ts';
import { toShortGroup } from './group-mapper.ts';
import type { Group } from './group-records.ts';
import { writeStep } from './group-steps.ts';
import { decideGroupUpdate } from './group-update-decision.ts';
import { groupRepository } from './migration-groups.repository.ts';

export interface UpdateGroup {
  readonly groupId: string;
  readonly body: UpdateGroupBody;
  readonly caller: Caller;
}

export interface UpdatedGroup {
  readonly group: ShortGroup;
  /** True when an undo is under way now. */
  readonly startedUndo: boolean;
}

/**
 * Use case: rename, set the target, move the import request or the undo request of a group (spec/api.md 2.8). All that a
 * body asks for is done, or nothing of it.
 * @throws AppError `notFound`, `invalid`, `missingPrivilege`
 */
export async function updateGroup(deps: GroupDeps, request: UpdateGroup): Promise<UpdatedGroup> {
  const key = requireGroupKey(request.groupId);
  const { platform } = deps;
  const { packageGroupId } = key;
  const newest = await newestJobs(deps, packageGroupId);
  const { group, jobs } = await platform.library.write(async (tx) => {
    const before = requireLiveGroup(await groupRepository(tx).findGroup(packageGroupId), key, request.groupId);
    const at = platform.clock.now();
    const now = wireDate(at);
    requireGroupAccess(before, request.caller);
    const decision = decideGroupUpdate(before, request, now);
    await saveChanges(tx, before, decision.group);
    const jobs = decision.undoes.map((member) => undoJob(member, request.caller));
    const [member] = decision.undoes;
    const [job] = jobs;
    if (!member || !job) return { group: decision.group, jobs };
    const started = await writeStep(tx, { member, job }, { at, now, journalBefore: newest.get(job.importId) ?? 0 });
    await deps.chains.enqueue(tx, { packageGroupId, work: 'undo', jobs });
    return { group: withMember(decision.group, started), jobs };
  });
  if (jobs.length > 0) await deps.chains.start({ packageGroupId, work: 'undo', jobs });
  const members = group.members.map((member) => deps.progress.applyTo(member));
  return { group: toShortGroup({ ...group, members }), startedUndo: jobs.length > 0 };
}

/** Number of the newest journal transaction, by import id; asked before the record is locked. */
async function newestJobs(deps: GroupDeps, packageGroupId: string): Promise<ReadonlyMap<string, number>> {
  const found = await groupRepository(deps.platform.library.reader).findGroup(packageGroupId);
  const facts = targetFactsRepository(deps.platform.metadata.reader);
  const numbers = new Map<string, number>();
  for (const { import: imp } of found?.members ?? []) {
    const newest = await facts.findNewestJob(imp.id);
    if (newest) numbers.set(imp.id, newest.number);
  }
  return numbers;
}

async function saveChanges(tx: Executor<LibraryTables>, before: Group, after: Group): Promise<void> {
  const records = migrationRepository(tx);
  if (after.record !== before.record) await groupRepository(tx).saveGroup(after.record);
  for (const [index, member] of after.members.entries()) {
    const old = before.members[index];
    if (member.package !== old?.package) await records.savePackage(member.package);
    if (member.import !== old?.import) await records.saveImport(member.import);
  }
}

function withMember(group: Group, changed: MigrationRecord): Group {
  const members = group.members.map((member) => (member.import.id === changed.import.id ? changed : member));
  return { ...group, members };
}
