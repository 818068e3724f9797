import { AppError, type MigrationGroup, type MigrationGroupList } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { visibleProjects } from '../migrations/list-migrations.service.ts';
import type { GroupDeps } from './group-deps.ts';
import { toMigrationGroup } from './group-mapper.ts';
import { groupRepository } from './migration-groups.repository.ts';

/** Largest page; -1 asks for it (spec/api.md 1.8). */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

export interface ListGroups {
  readonly offset: number | undefined;
  readonly limit: number | undefined;
  readonly caller: Caller;
}

/**
 * Use case: a page of those of this environment's groups that the caller may see, newest first, with their members but without views (spec/api.md 2.8).
 * @throws AppError `invalid` for a page that cannot be.
 */
export async function listGroups(deps: GroupDeps, request: ListGroups): Promise<MigrationGroupList> {
  const offset = request.offset ?? 0;
  const limit = request.limit === -1 ? MAX_LIMIT : (request.limit ?? DEFAULT_LIMIT);
  if (offset < 0) throw new AppError('invalid', `offset ${offset} must be 0 or more.`);
  if (limit < 0 || limit > MAX_LIMIT) {
    throw new AppError('invalid', `limit ${limit} must be 0 to ${MAX_LIMIT}, or -1 for ${MAX_LIMIT}.`);
  }
  const groups = groupRepository(deps.platform.library.reader);
  const projectIds = await visibleProjects(deps, request.caller);
  const total = await groups.countGroups(projectIds);
  const page = limit === 0 || offset >= total ? [] : await groups.listGroups({ projectIds, offset, limit });
  const data: MigrationGroup[] = [];
  // Group by group: a page can have more members than one query has parameters.
  for (const record of page) {
    const { members } = await groups.loadGroup(record);
    data.push(
      toMigrationGroup(
        record,
        members.map((member) => ({ member: deps.progress.applyTo(member), views: {} })),
      ),
    );
  }
  return { total, offset, limit, data };
}
