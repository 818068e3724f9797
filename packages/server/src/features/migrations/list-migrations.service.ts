import { AppError, type MigrationList } from '@longshore/contracts';
import { PACKAGE_PURPOSES, type PackagePurpose } from '@longshore/domain';
import { isGroupPurpose } from './group-member.ts';
import { groupMemberRepository, type GroupKey } from './group-members.repository.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { toMigration } from './migration-mapper.ts';
import type { MigrationRecord } from './migration-records.ts';
import { migrationListRepository } from './migration-lists.repository.ts';
import { refreshValidation } from './validation/refresh-validation.service.ts';
import { EITHER_PACKAGE_PRIVILEGE } from './record-access.ts';
import { targetFactsRepository } from './target-facts.repository.ts';

/** Largest page; -1 asks for it (spec/api.md 1.8). */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

export interface ListMigrations {
  readonly offset: number | undefined;
  readonly limit: number | undefined;
  /** Absent means object migrations only. */
  readonly purposes: readonly string[] | undefined;
  readonly caller: Caller;
}

/**
 * Use case: a page of this environment's records without their views, newest first (spec/api.md 2.7.3).
 * @throws AppError `invalid` for a page or a purpose that cannot be.
 */
export async function listMigrations(
  deps: Pick<MigrationDeps, 'platform' | 'files' | 'progress'>,
  request: ListMigrations,
): Promise<MigrationList> {
  const offset = request.offset ?? 0;
  const limit = request.limit === -1 ? MAX_LIMIT : (request.limit ?? DEFAULT_LIMIT);
  if (offset < 0) throw new AppError('invalid', `offset ${offset} must be 0 or more.`);
  if (limit < 0 || limit > MAX_LIMIT) {
    throw new AppError('invalid', `limit ${limit} must be 0 to ${MAX_LIMIT}, or -1 for ${MAX_LIMIT}.`);
  }
  const purposes = readPurposes(request.purposes);
  const records = migrationListRepository(deps.platform.library.reader);
  const filter = { purposes, projectIds: await visibleProjects(deps, request.caller) };
  const total = await records.countMigrations(filter);
  const page = limit === 0 || offset >= total ? [] : await records.listMigrations({ ...filter, offset, limit });
  const current = await Promise.all(page.map((record) => refreshValidation(deps, record)));
  const groups = await loadGroups(deps, page);
  const data = current.map((record) => toMigration(deps.progress.applyTo(record), {}, groups.get(record.package.id)));
  return { total, offset, limit, data };
}

/** The groups of those that are members of one. */
function loadGroups(
  deps: Pick<MigrationDeps, 'platform'>,
  page: readonly MigrationRecord[],
): Promise<ReadonlyMap<string, GroupKey>> {
  const members = page.filter((record) => isGroupPurpose(record.package.purpose)).map((record) => record.package.id);
  return groupMemberRepository(deps.platform.library.reader).loadGroupsOf(members);
}

/** Null when the caller's privileges hold everywhere; else the projects in which he may see records. */
export async function visibleProjects(
  { platform }: Pick<MigrationDeps, 'platform'>,
  caller: Caller,
): Promise<string[] | null> {
  const mayRead = (projectId: string | null): boolean =>
    EITHER_PACKAGE_PRIVILEGE.some((privilege) => caller.hasPrivilege(privilege, projectId));
  if (mayRead(null)) return null;
  const projectIds = await targetFactsRepository(platform.metadata.reader).listProjectIds();
  return projectIds.filter(mayRead);
}

function readPurposes(values: readonly string[] | undefined): PackagePurpose[] {
  const words = [...new Set((values ?? []).map((value) => value.trim()).filter((value) => value !== ''))];
  if (words.length === 0) return ['object_migration'];
  return words.map((word) => {
    const purpose = PACKAGE_PURPOSES.find((known) => known === word.toLowerCase());
    if (purpose !== undefined) return purpose;
    throw new AppError('invalid', `packageInfo.purpose '${word}' is not one of ${PACKAGE_PURPOSES.join(', ')}.`);
  });
}
