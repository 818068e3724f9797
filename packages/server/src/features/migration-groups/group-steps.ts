import type { GroupWork } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MigrationJob } from '../migrations/migration-jobs.ts';
import { jobRepository } from '../migrations/migration-jobs.repository.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from '../migrations/migration-records.ts';
import { migrationRepository } from '../migrations/migrations.repository.ts';
import type { Group, GroupRecord } from './group-records.ts';
import { groupRepository } from './migration-groups.repository.ts';

/** When a member's job starts, and what the journal had of the member before it. */
export interface StepStart {
  /** Milliseconds, and the same moment as a wire date. */
  readonly at: number;
  readonly now: string;
  readonly journalBefore: number;
}

/** A member whose job is under way: the record as it is from now on. */
export function atWork(member: MigrationRecord, job: MigrationJob, now: string): MigrationRecord {
  if (job.kind === 'create') {
    const change: Partial<PackageRecord> = { status: 'creating', progress: 0, storagePath: job.storagePath };
    return { ...member, package: { ...member.package, ...change, message: '', lastUpdatedDate: now } };
  }
  const change: Partial<ImportRecord> =
    job.kind === 'import'
      ? { status: 'importing', progress: 0, undoPath: null, undoSize: null }
      : { status: 'undoing' };
  return { ...member, import: { ...member.import, ...change, message: '', lastUpdatedDate: now } };
}

/** Writes that a member's job is under way, together with the job. */
export async function writeStep(
  tx: Executor<LibraryTables>,
  step: { readonly member: MigrationRecord; readonly job: MigrationJob },
  { at, now, journalBefore }: StepStart,
): Promise<MigrationRecord> {
  const records = migrationRepository(tx);
  const member = atWork(step.member, step.job, now);
  await records.savePackage(member.package);
  await records.saveImport(member.import);
  await jobRepository(tx).addJob(step.job, journalBefore, at);
  return member;
}

/** True when the job of the work has done to the member what it was to do. */
export function isDone(work: GroupWork, member: MigrationRecord): boolean {
  if (work === 'create') return member.package.status === 'created';
  return member.import.status === (work === 'import' ? 'imported' : 'undo_success');
}

const AGAIN: Readonly<Record<GroupWork, string>> = {
  create: 'Edit the group to build it again.',
  import: 'Import the group again; members that are imported stay as they are.',
  undo: 'Request and approve the undo of the group again.',
};
const NAMES: Readonly<Record<GroupWork, string>> = { create: 'creation', import: 'import', undo: 'undo' };

/**
 * Brings a group to rest whose jobs did not come to their end: the first member that was not reached says why.
 * `by` is what interrupted them.
 */
export async function restInterrupted(
  tx: Executor<LibraryTables>,
  { record, members }: Group,
  { by, now }: { readonly by: string; readonly now: string },
): Promise<void> {
  const { work } = record;
  await groupRepository(tx).saveGroup({ ...record, work: null, lastUpdatedDate: now });
  if (work === null) return;
  const waiting = members.filter((member) => isWaiting(work, member));
  // An undo goes from the last member to the first.
  const next = work === 'undo' ? waiting.at(-1) : waiting[0];
  if (!next) return;
  const text = `The ${NAMES[work]} of the group was interrupted by ${by} before it came to this member. ${AGAIN[work]}`;
  const records = migrationRepository(tx);
  if (work === 'create') await records.savePackage({ ...next.package, message: text, lastUpdatedDate: now });
  else await records.saveImport({ ...next.import, message: joined(next.import.message, text), lastUpdatedDate: now });
}

function isWaiting(work: GroupWork, { package: pkg, import: imp }: MigrationRecord): boolean {
  if (work === 'create') return pkg.status === 'empty';
  if (work === 'import') return imp.status === 'pending';
  return imp.status === 'imported' && imp.undoPath !== null;
}

/** What the import had to tell is not lost. */
const joined = (before: string, text: string): string => (before === '' ? text : `${before}\n${text}`);

/** The group at rest after its jobs. */
export function atRest(record: GroupRecord, now: string): GroupRecord {
  return { ...record, work: null, lastUpdatedDate: now };
}
