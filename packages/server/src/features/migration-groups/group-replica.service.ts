import { AppError } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { groupName } from '../migrations/group-member.ts';
import type { ImportJob, NamedRef } from '../migrations/migration-jobs.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { migrationRepository } from '../migrations/migrations.repository.ts';
import { packageViewsRepository } from '../migrations/package-views.repository.ts';
import { findExisting, replicaPackage, startedImport } from '../migrations/replica.service.ts';
import { replaceUndoFile } from '../migrations/undo-package-path.ts';
import { forMember } from './at-member.ts';
import type { GroupDeps } from './group-deps.ts';
import type { GroupImportRequest, MemberImport } from './group-import-request.ts';
import type { Group, GroupRecord } from './group-records.ts';
import { memberRefusal, refusalOf, refusalOfWork } from './group-state.ts';
import { writeStep } from './group-steps.ts';
import { groupRepository } from './migration-groups.repository.ts';

/** A member that was checked and could be imported. */
export interface PlannedImport extends MemberImport {
  /** Target project; null for a configuration package. */
  readonly project: NamedRef | null;
  readonly job: ImportJob;
  /** Number of the newest journal transaction of the import so far. */
  readonly journalBefore: number;
}

export interface GroupReplica {
  readonly request: GroupImportRequest;
  readonly planned: readonly PlannedImport[];
  readonly caller: Caller;
  /** Milliseconds, and the same moment as a wire date. */
  readonly at: number;
  readonly now: string;
}

export interface StartedGroup {
  readonly group: Group;
  /** Of the members that are to be imported, in their order. */
  readonly jobs: readonly ImportJob[];
}

/**
 * Writes the records of a group whose import starts now: the first member is importing, the rest wait. Where the group
 * was built the records that are there are used, and stay originals.
 * @throws AppError `invalid` when the state of this environment's own records does not allow the import.
 */
export async function saveGroupReplica(deps: GroupDeps, replica: GroupReplica): Promise<StartedGroup> {
  const { key } = replica.request;
  return deps.platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const found = await groups.findGroup(key.packageGroupId);
    const existing = found?.record.deleted ? undefined : found;
    requireImportable(existing, found?.record, replica);
    const planned = inStoredOrder(replica.planned, existing);
    const waiting = planned.filter((member) => !isImported(existing, member));
    requireSomething(existing, waiting);
    const record = startedGroup(deps, replica, existing?.record);
    await groups.saveGroup(record);
    const members = await saveMembers(deps, tx, { replica, planned, waiting, existing });
    await groups.saveMembers(
      key.packageGroupId,
      planned.map(({ request }) => request.key),
    );
    const jobs = waiting.map(({ job }) => job);
    await deps.chains.enqueue(tx, { packageGroupId: key.packageGroupId, work: 'import', jobs });
    return { group: { record, members }, jobs };
  });
}

function requireImportable(
  existing: Group | undefined,
  known: GroupRecord | undefined,
  { request, planned }: GroupReplica,
): void {
  if (known && (known.importGroupId !== request.key.importGroupId || (known.deleted && !known.replicated))) {
    const fact = known.deleted
      ? 'was deleted in this environment, where it was created'
      : `is ${groupName(known)} here`;
    throw new AppError('invalid', `The migration group ${request.key.packageGroupId} ${fact}.`);
  }
  if (!existing) return;
  if (existing.record.work !== null) throw refusalOfWork(existing.record);
  const sent = new Set(planned.map((member) => member.request.key.packageId));
  const missing = existing.members.find((member) => !sent.has(member.package.id));
  if (missing) throw new AppError('invalid', `The package ${missing.package.id} of the group is not in migrations.`);
  const stored = new Set(existing.members.map((member) => member.package.id));
  const index = planned.findIndex((member) => !stored.has(member.request.key.packageId));
  if (index === -1) return;
  throw new AppError('invalid', `migrations[${index}].id names a package that is not in the group here.`);
}

/** The order that this environment has already; else that of the body. */
function inStoredOrder(planned: readonly PlannedImport[], existing: Group | undefined): PlannedImport[] {
  if (!existing) return [...planned];
  const position = new Map(existing.members.map((member, index) => [member.package.id, index]));
  const positionOf = (member: PlannedImport): number => position.get(member.request.key.packageId) ?? planned.length;
  return planned.toSorted((a, b) => positionOf(a) - positionOf(b));
}

function memberOf(existing: Group | undefined, { request }: PlannedImport): MigrationRecord | undefined {
  return existing?.members.find((member) => member.package.id === request.key.packageId);
}

function isImported(existing: Group | undefined, planned: PlannedImport): boolean {
  return memberOf(existing, planned)?.import.status === 'imported';
}

/** A group all of whose members are imported is refused as a single migration is. */
function requireSomething(existing: Group | undefined, waiting: readonly PlannedImport[]): void {
  const [first] = existing?.members ?? [];
  if (waiting.length > 0 || !first) return;
  const arrived = { ...first, package: { ...first.package, replicated: true } };
  const refusal = memberRefusal('import', arrived);
  if (refusal) throw refusalOf(first, refusal);
}

function startedGroup(deps: GroupDeps, { request, now }: GroupReplica, known: GroupRecord | undefined): GroupRecord {
  const started = {
    importRequestStatus: 'approved',
    undoRequestStatus: 'pending',
    lastUpdatedDate: now,
    work: 'import',
  } as const;
  if (known && !known.replicated) return { ...known, ...started };
  const { key, name, sourceEnvironment, treeView, certification } = request;
  const hasTarget = request.targetEnvironment.id !== undefined;
  return {
    ...key,
    name,
    replicated: true,
    sourceEnvironment,
    targetEnvironment: hasTarget ? request.targetEnvironment : deps.options.environment,
    treeView,
    creationDate: request.creationDate ?? now,
    certification,
    deleted: false,
    ...started,
  };
}

interface MembersToSave {
  readonly replica: GroupReplica;
  readonly planned: readonly PlannedImport[];
  readonly waiting: readonly PlannedImport[];
  readonly existing: Group | undefined;
}

async function saveMembers(
  deps: GroupDeps,
  tx: Executor<LibraryTables>,
  { replica, planned, waiting, existing }: MembersToSave,
): Promise<MigrationRecord[]> {
  const members: MigrationRecord[] = [];
  for (const member of planned) {
    const known = memberOf(existing, member);
    if (known && !waiting.includes(member)) {
      members.push(known);
      continue;
    }
    const index = replica.planned.indexOf(member);
    const record = await forMember(index, () => saveMember(deps, tx, { member, replica, known }));
    members.push(
      member === waiting[0]
        ? await writeStep(tx, { member: record, job: member.job }, { ...replica, ...member })
        : record,
    );
  }
  return members;
}

interface MemberToSave {
  readonly member: PlannedImport;
  readonly replica: GroupReplica;
  readonly known: MigrationRecord | undefined;
}

/** A member that waits for its turn. */
async function saveMember(
  deps: GroupDeps,
  tx: Executor<LibraryTables>,
  { member, replica, known }: MemberToSave,
): Promise<MigrationRecord> {
  const { request, project, importDate } = member;
  const records = migrationRepository(tx);
  const existing = await findExisting(records, { request });
  if (existing.package && !existing.package.deleted && !known) {
    throw new AppError('invalid', `The package ${request.key.packageId} is here already, and not in this group.`);
  }
  const isOriginal = existing.package?.replicated === false;
  const started = startedImport(deps, { request, project, caller: replica.caller, now: replica.now });
  const record: MigrationRecord = {
    package:
      isOriginal && existing.package
        ? existing.package
        : { ...replicaPackage({ request, now: replica.now }), environment: {} },
    import: { ...started, environment: {}, creationDate: importDate ?? started.creationDate, status: 'pending' },
  };
  if (existing.package?.deleted) await records.removeOtherImports(request.key);
  if (!isOriginal) {
    await records.savePackage(record.package);
    const views = { tocView: request.tocViewText, treeView: request.treeViewText };
    await packageViewsRepository(tx).saveViews(request.key.packageId, views);
  }
  await records.saveImport(record.import);
  await replaceUndoFile(tx, existing.import, member.job);
  return record;
}
