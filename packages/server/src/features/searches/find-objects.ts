import type { Platform } from '../../platform/platform.ts';
import { objectLists, type FoundObject, type ObjectFilter, type Page } from '../objects/object-lists.repository.ts';
import type { NameQuery } from './name-pattern.ts';
import type { FoundIds } from './object-index.ts';
import type { ObjectIndexes, WithoutIndex } from './object-indexes.ts';
import { packIds } from './packed-ids.ts';

/** Objects of a scope by their names and other conditions. */
export interface ObjectSearch {
  readonly filter: Omit<ObjectFilter, 'nameLike'>;
  /** Undefined asks for any name. */
  readonly names: NameQuery | undefined;
}

export interface FinderContext {
  readonly platform: Platform;
  readonly indexes: ObjectIndexes;
}

/**
 * Finds objects in the order of their names and ids: in memory where there is an index of the scope and it knows all that
 * is asked for, and in the database otherwise. Both find the same.
 */
export async function findObjects(context: FinderContext, search: ObjectSearch, page: Page): Promise<FoundIds> {
  const { filter, names } = search;
  const index = isAboutKinds(search) ? await context.indexes.find(filter.scope, withoutIndex(search)) : undefined;
  if (index) return index.search(filter, names, page);
  if (names?.matches || filter.ids !== undefined) return pick(await listAll(context, search), names, page);
  return listPage(context, search, page);
}

/** The database has an index of names alone: where none is asked for it would look up each object, for seconds. */
const withoutIndex = ({ names }: ObjectSearch): WithoutIndex => (names === undefined ? 'waits' : 'goes on');

/** What an index knows of an object. */
const IN_INDEX = new Set<keyof ObjectFilter>(['scope', 'aclIds', 'types', 'hidden', 'ownerId']);
const NUL = '\0';

function isAboutKinds({ filter, names }: ObjectSearch): boolean {
  const isKnown = Object.entries(filter).every(
    ([name, condition]) => IN_INDEX.has(name as keyof ObjectFilter) || isAbsent(condition),
  );
  return isKnown && !names?.parts.some(({ text }) => text.includes(NUL));
}

/** A condition that filters nothing; a range of dates may have no end on either side. */
const isAbsent = (condition: unknown): boolean =>
  condition === undefined ||
  (typeof condition === 'object' &&
    condition !== null &&
    !Array.isArray(condition) &&
    Object.values(condition).every((end) => end === undefined));

const likeFilter = ({ filter, names }: ObjectSearch): ObjectFilter => ({ ...filter, nameLike: names?.like });

async function listPage({ platform }: FinderContext, search: ObjectSearch, page: Page): Promise<FoundIds> {
  const lists = objectLists(platform.metadata.reader);
  const filter = likeFilter(search);
  const found = await lists.listFound(filter, page);
  const ids = packIds(found.map(({ id }) => id));
  const isLast = page.limit < 0 || found.length < page.limit;
  const isAll = isLast && (found.length > 0 || page.offset === 0);
  return { ids, total: isAll ? page.offset + found.length : await lists.count(filter) };
}

function pick(found: readonly FoundObject[], names: NameQuery | undefined, { offset, limit }: Page): FoundIds {
  const matches = names?.matches;
  const meant = matches ? found.filter((object) => matches(object.name)) : found;
  const asked = meant.slice(offset, limit < 0 ? undefined : offset + limit);
  return { ids: packIds(asked.map(({ id }) => id)), total: meant.length };
}

/** Ids that are worth to look whether they are most of a scope. */
const MANY_IDS = 5_000;
/** Ids are looked up one by one, at three times the price of reading the scope in its order. */
const LARGE_SHARE = 1 / 3;

async function listAll({ platform }: FinderContext, search: ObjectSearch): Promise<FoundObject[]> {
  const lists = objectLists(platform.metadata.reader);
  const { ids, ...others } = likeFilter(search);
  if (ids === undefined || ids.length < MANY_IDS) return lists.listFound({ ...others, ids });
  const all = await lists.count({ scope: others.scope, aclIds: null });
  if (ids.length < all * LARGE_SHARE) return lists.listFound({ ...others, ids });
  const wanted = new Set(ids);
  return (await lists.listFound(others)).filter(({ id }) => wanted.has(id));
}
