import type { Plan, PlanIssue, PlanObject, PlanStatus } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { PlanIssueTable, PlanObjectTable } from '../../platform/db/plan-tables.ts';
import { migrationId } from '../migrations/migration-key.ts';
import { KEPT_MS } from './plan-keeper.service.ts';
import type { ScopeRevisions } from './plan-job.ts';
import { storedResultOf, subjectOf } from './plan-subject.ts';
import type { PlanRow } from './plans.repository.ts';
import { isSameRevision } from './scope-revisions.repository.ts';

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
    ...(stored === null ? {} : { result: stored.result }),
    targetChanged: stored !== null && revisions !== null && !isSameRevision(stored.revisions, revisions),
  };
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
