import type { GroupMember, MigrationGroup, ShortGroup } from '@longshore/contracts';
import { groupStatus } from '@longshore/domain';
import { groupName } from '../migrations/group-member.ts';
import { migrationId } from '../migrations/migration-key.ts';
import { toMigration, type ShownViews } from '../migrations/migration-mapper.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import type { Group, GroupRecord } from './group-records.ts';

/** Version of the record's form; opaque to clients. */
const RECORD_VERSION = '1';

/** The group as POST, PUT and PATCH answer it; members in the order in which they are worked on. */
export function toShortGroup({ record, members }: Group): ShortGroup {
  const { packageGroupId, importGroupId, name, importRequestStatus, undoRequestStatus } = record;
  return {
    id: groupName(record),
    name,
    importRequestStatus,
    undoRequestStatus,
    migrations: members.map(({ package: pkg, import: imp }) => ({
      id: migrationId({ packageId: pkg.id, importId: imp.id }),
      packageInfo: { id: pkg.id, groupId: packageGroupId, status: pkg.status, progress: pkg.progress },
      importInfo: { id: imp.id, groupId: importGroupId, status: imp.status, progress: imp.progress },
    })),
  };
}

/** A member with the views that are shown of it. */
export interface ShownMember {
  readonly member: MigrationRecord;
  readonly views: ShownViews;
}

/** The whole group (spec/api.md 2.8); members sorted as clients expect it, configuration first, then by project name. */
export function toMigrationGroup(record: GroupRecord, shown: readonly ShownMember[]): MigrationGroup {
  const members = shown.map(({ member }) => member);
  return {
    id: groupName(record),
    name: record.name,
    sourceEnvironment: record.sourceEnvironment,
    targetEnvironment: record.targetEnvironment,
    treeView: record.treeView,
    status: groupStatus(members.map(memberState), record.work),
    importRequestStatus: record.importRequestStatus,
    undoRequestStatus: record.undoRequestStatus,
    creationDate: record.creationDate,
    lastUpdatedDate: lastUpdated({ record, members }),
    ...(record.certification === null
      ? {}
      : { certification: JSON.parse(record.certification) as MigrationGroup['certification'] }),
    migrations: inShownOrder(shown).map((member) => toGroupMember(record, member)),
    version: RECORD_VERSION,
  };
}

function memberState({ package: pkg, import: imp }: MigrationRecord) {
  return { packageStatus: pkg.status, importStatus: imp.status, hasUndo: imp.undoPath !== null };
}

/** Wire dates are of one form and in UTC, so the later one is the greater text. */
function lastUpdated({ record, members }: Group): string {
  const dates = members.flatMap(({ package: pkg, import: imp }) => [pkg.lastUpdatedDate, imp.lastUpdatedDate]);
  return dates.reduce((latest, date) => (date > latest ? date : latest), record.lastUpdatedDate);
}

function inShownOrder(shown: readonly ShownMember[]): ShownMember[] {
  const keyOf = ({ member }: ShownMember): string => {
    const { type, project } = member.package;
    return type === 'configuration' ? '' : ` ${(project?.name ?? '').toLowerCase()}`;
  };
  return shown.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

function toGroupMember(record: GroupRecord, { member, views }: ShownMember): GroupMember {
  const { id, packageInfo, importInfo } = toMigration(member, views);
  const { environment: _source, ...shownPackage } = packageInfo;
  const { environment: _target, importRequestStatus: _import, undoRequestStatus: _undo, ...shownImport } = importInfo;
  return {
    id,
    packageInfo: { ...shownPackage, groupId: record.packageGroupId },
    importInfo: { ...shownImport, groupId: record.importGroupId },
  };
}
