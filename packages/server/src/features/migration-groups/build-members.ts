import { wireDate } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { CreateJob } from '../migrations/migration-jobs.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { migrationRepository } from '../migrations/migrations.repository.ts';
import { packageViewsRepository } from '../migrations/package-views.repository.ts';
import type { GroupRequest } from './group-request.ts';
import { writeStep } from './group-steps.ts';
import { groupRepository } from './migration-groups.repository.ts';
import { askedViews } from './new-member.ts';

export interface MembersToBuild {
  readonly packageGroupId: string;
  readonly request: GroupRequest;
  /** In the order of the request; every member is empty. */
  readonly planned: readonly { readonly member: MigrationRecord; readonly job: CreateJob }[];
  /** Milliseconds. */
  readonly at: number;
}

/** Writes the members of a group that are to be built: the first is under way, the rest are empty. */
export async function buildMembers(
  tx: Executor<LibraryTables>,
  { packageGroupId, request, planned, at }: MembersToBuild,
): Promise<MigrationRecord[]> {
  const records = migrationRepository(tx);
  const members: MigrationRecord[] = [];
  for (const [position, { member, job }] of planned.entries()) {
    const asked = request.members[position];
    if (asked) await packageViewsRepository(tx).saveViews(member.package.id, askedViews(asked));
    if (position === 0) {
      members.push(await writeStep(tx, { member, job }, { at, now: wireDate(at), journalBefore: 0 }));
    } else {
      await records.savePackage(member.package);
      await records.saveImport(member.import);
      members.push(member);
    }
  }
  const keys = planned.map(({ job }) => ({ packageId: job.packageId, importId: job.importId }));
  await groupRepository(tx).saveMembers(packageGroupId, keys);
  return members;
}
