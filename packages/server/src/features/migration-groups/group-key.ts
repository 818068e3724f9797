import { AppError } from '@longshore/contracts';
import type { GroupKey } from '../migrations/group-members.repository.ts';
import { parseMigrationId } from '../migrations/migration-key.ts';
import type { Group } from './group-records.ts';

/** Reads `packageGroupId:importGroupId` in any letter case; undefined when it is not two ids. */
export function parseGroupId(text: string): GroupKey | undefined {
  const key = parseMigrationId(text);
  return key && { packageGroupId: key.packageId, importGroupId: key.importId };
}

/** 404 in words of our own: the text of an unknown endpoint would make clients believe the feature is missing. */
export function groupNotFound(id: string): AppError {
  return new AppError('notFound', `The migration group with id ${id.slice(0, 100)} is not found.`);
}

/** @throws AppError `notFound` for text that cannot be the id of a group. */
export function requireGroupKey(text: string): GroupKey {
  const key = parseGroupId(text);
  if (!key) throw groupNotFound(text);
  return key;
}

/**
 * The group that was asked for, both halves of its name right.
 * @throws AppError `notFound`
 */
export function requireGroup(found: Group | undefined, key: GroupKey, id: string): Group {
  if (!found || found.record.importGroupId !== key.importGroupId) throw groupNotFound(id);
  return found;
}

/** The same, for calls that change something.
 * @throws AppError `notFound`
 */
export function requireLiveGroup(found: Group | undefined, key: GroupKey, id: string): Group {
  const group = requireGroup(found, key, id);
  if (group.record.deleted) throw groupNotFound(id);
  return group;
}
