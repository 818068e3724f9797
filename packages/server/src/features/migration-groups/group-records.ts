import type { Ref } from '@longshore/contracts';
import type { GroupWork, RequestStatus } from '@longshore/domain';
import type { MigrationGroupTable } from '../../platform/db/library-schema.ts';
import type { GroupKey } from '../migrations/group-members.repository.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';

/** What this environment keeps of a group besides its members. Dates are wire dates. */
export interface GroupRecord extends GroupKey {
  readonly name: string;
  /** False where the group was built. */
  readonly replicated: boolean;
  readonly sourceEnvironment: Ref;
  readonly targetEnvironment: Ref;
  /** JSON text. */
  readonly treeView: string;
  /** The members' records have the same, so that the rules for single migrations can be asked of them. */
  readonly importRequestStatus: RequestStatus;
  readonly undoRequestStatus: RequestStatus;
  readonly creationDate: string;
  readonly lastUpdatedDate: string;
  /** JSON text of a whole certification, or null. */
  readonly certification: string | null;
  readonly deleted: boolean;
  /** What jobs are doing to the members, one after another; null at rest. */
  readonly work: GroupWork | null;
}

/** A group with its members, in the order in which they are worked on. */
export interface Group {
  readonly record: GroupRecord;
  readonly members: readonly MigrationRecord[];
}

export function toGroupRow(record: GroupRecord): MigrationGroupTable {
  return {
    id: record.packageGroupId,
    import_group_id: record.importGroupId,
    name: record.name,
    replicated: record.replicated ? 1 : 0,
    source_environment: JSON.stringify(record.sourceEnvironment),
    target_environment: JSON.stringify(record.targetEnvironment),
    tree_view: record.treeView,
    import_request_status: record.importRequestStatus,
    undo_request_status: record.undoRequestStatus,
    creation_date: record.creationDate,
    last_updated_date: record.lastUpdatedDate,
    certification: record.certification,
    deleted: record.deleted ? 1 : 0,
    work: record.work,
  };
}

export function toGroupRecord(row: MigrationGroupTable): GroupRecord {
  return {
    packageGroupId: row.id,
    importGroupId: row.import_group_id,
    name: row.name,
    replicated: row.replicated === 1,
    sourceEnvironment: JSON.parse(row.source_environment) as Ref,
    targetEnvironment: JSON.parse(row.target_environment) as Ref,
    treeView: row.tree_view,
    importRequestStatus: row.import_request_status as RequestStatus,
    undoRequestStatus: row.undo_request_status as RequestStatus,
    creationDate: row.creation_date,
    lastUpdatedDate: row.last_updated_date,
    certification: row.certification,
    deleted: row.deleted === 1,
    work: row.work as GroupWork | null,
  };
}
