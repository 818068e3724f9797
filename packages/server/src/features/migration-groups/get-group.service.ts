import type { MigrationGroup, ShowContent } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { readShowContent, withFoundFile } from '../migrations/get-migration.service.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { packageViewsRepository } from '../migrations/package-views.repository.ts';
import { wholeTocViewText } from '../migrations/toc-view-text.ts';
import { requireGroupAccess } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireGroup, requireGroupKey } from './group-key.ts';
import { toMigrationGroup, type ShownMember } from './group-mapper.ts';
import { groupRepository } from './migration-groups.repository.ts';

export interface GetGroup {
  readonly groupId: string;
  /** In any letter case; undefined means `default`. */
  readonly showContent: string | undefined;
  readonly caller: Caller;
}

/**
 * Use case: this environment's record of a group. The content list of every member is always shown (spec/api.md 6.27).
 * A deleted group is still shown, marked on its members: clients read record by record from lists that have grown old.
 * @throws AppError `notFound`, `missingPrivilege`, `invalid` for an unknown view.
 */
export async function getGroup(deps: GroupDeps, request: GetGroup): Promise<MigrationGroup> {
  const show = readShowContent(request.showContent);
  const key = requireGroupKey(request.groupId);
  const found = await groupRepository(deps.platform.library.reader).findGroup(key.packageGroupId);
  const group = requireGroup(found, key, request.groupId);
  requireGroupAccess(group, request.caller);
  const { record, members } = group;
  const shown: ShownMember[] = [];
  for (const member of members) shown.push(await shownMember(deps, member, show));
  return toMigrationGroup(record, shown);
}

async function shownMember(deps: GroupDeps, stored: MigrationRecord, show: ShowContent): Promise<ShownMember> {
  const member = deps.progress.applyTo(await withFoundFile(deps, stored));
  const { reader } = deps.platform.library;
  const views = await packageViewsRepository(reader).findViews(member.package.id);
  const tocView = views ? await wholeTocViewText(reader, member.package.id, views) : '{}';
  const hasTree = show === 'treeview' || show === 'all';
  return { member, views: { tocView, ...(hasTree ? { treeView: views?.treeView ?? '{}' } : {}) } };
}
