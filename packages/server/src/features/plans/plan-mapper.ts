import type { Plan, PlanIssue, PlanObject, PlanResult, PlanStatus } from '@longshore/contracts';
import type { PackagePurpose } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import type { PlanIssueTable, PlanObjectTable } from '../../platform/db/plan-tables.ts';
import { isGroupPurpose } from '../migrations/group-member.ts';
import { migrationId } from '../migrations/migration-key.ts';
import { KEPT_MS } from './plan-keeper.service.ts';
import type { ScopeRevisions } from './plan-job.ts';
import { storedResultOf, subjectOf } from './plan-subject.ts';
import type { PlanRow } from './plans.repository.ts';
import { isSameRevision } from './plan-revisions.ts';

/** @param revisions those of the target now; null where they do not matter */
export function toPlan(row: PlanRow, revisions: ScopeRevisions | null): Plan {
  const { creator, package: pkg, project, settings } = subjectOf(row);
  const stored = storedResultOf(row);
  const { created_at: createdAt, ended_at: endedAt } = row;
  return {
    id: row.id,
    migrationId: migrationId({ packageId: row.package_id, importId: row.import_id }),
    status: row.status as PlanStatus,
    progress: row.status === 'planned' ? 100 : row.progress,
    message: row.message,
    creator,
    creationDate: wireDate(createdAt),
    lastUpdatedDate: wireDate(endedAt ?? createdAt),
    ...(endedAt === null ? {} : { expirationDate: wireDate(endedAt + KEPT_MS) }),
    package: pkg,
    ...(project === null ? {} : { project }),
    settings,
    ...(stored === null ? {} : { result: withNotes(stored.result, pkg.purpose) }),
    targetChanged: stored !== null && revisions !== null && !isSameRevision(stored.revisions, revisions),
  };
}

const OF_A_MEMBER =
  'This package is a member of a migration group. It is planned against the target as it is now: what the members before it ' +
  'would change is not counted in.';
const OF_A_FILE = 'The ids of copies are others when the file is imported: that import has no id yet.';

/** What a plan of such a package means, first. */
function withNotes(result: PlanResult, purpose: PackagePurpose): PlanResult {
  const notes = [
    ...(isGroupPurpose(purpose) ? [OF_A_MEMBER] : []),
    ...(purpose === 'migration_from_shared_file_store' && result.counts.duplicate > 0 ? [OF_A_FILE] : []),
  ];
  return notes.length === 0 ? result : { ...result, notes: [...notes, ...result.notes] };
}

/** An object without the keys that have no value. */
function present<T extends Record<string, unknown>>(values: { [K in keyof T]: T[K] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<T>;
}

const folder = (id: string | null, path: string | null) => (id === null ? null : { id, path: path ?? '' });

export function toPlanObject(row: PlanObjectTable): PlanObject {
  const isThere = row.name_before !== null;
  const isKept = row.name_after !== null;
  return {
    id: row.id,
    type: row.type,
    subtype: row.subtype,
    name: row.name_after ?? row.name_before ?? row.name_package,
    path: row.path,
    outcome: row.outcome as PlanObject['outcome'],
    conflict: row.conflict as PlanObject['conflict'],
    action: row.action as PlanObject['action'],
    role: row.role as PlanObject['role'],
    reason: row.reason,
    ...(row.new_id === null ? {} : { newId: row.new_id }),
    names: { ...present({ before: row.name_before, after: row.name_after }), package: row.name_package },
    parents: present({
      before: isThere ? folder(row.parent_before, row.path_before) : null,
      after: isKept ? folder(row.parent_after, row.path) : null,
    }),
    versions: present({ before: row.version_before, after: row.version_after, package: row.version_package }),
    datesModified: present({ target: row.modified_before, package: row.modified_package }),
  };
}

export function toPlanIssue(row: PlanIssueTable): PlanIssue {
  return {
    severity: row.severity as PlanIssue['severity'],
    type: row.type,
    message: row.message,
    object: { id: row.object_id, type: row.object_type, name: row.object_name },
  };
}
