import { setImmediate } from 'node:timers/promises';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import { objectLists, type FoundObject, type ObjectFilter, type Page } from '../objects/object-lists.repository.ts';
import { piecesOf } from './search-pieces.ts';
import type { NameQuery, TextQuery } from './name-pattern.ts';
import type { FoundIds, ObjectIndex } from './object-index.ts';
import type { ObjectIndexes } from './object-indexes.ts';
import { packIds, unpackIds } from './packed-ids.ts';

/** Objects of a scope by their names and other conditions. */
export interface ObjectSearch {
  readonly filter: Omit<ObjectFilter, 'nameLike' | 'descriptionLike'>;
  /** Undefined asks for any name. */
  readonly names: NameQuery | undefined;
  /** Undefined asks for any description. */
  readonly description?: TextQuery | undefined;
}

export interface FinderContext {
  readonly platform: Platform;
  readonly indexes: ObjectIndexes;
  /** Objects that are looked at in one piece where the database holds up the thread. */
  readonly pieceSize: number;
  /** What a search by name does that finds no index: it goes on in the database, or waits until one is made. */
  readonly firstSearch: 'goes on' | 'waits';
}

/**
 * Finds objects in the order of their names and ids: in memory where there is an index of the scope, and in the database
 * otherwise. Both find the same. What the index does not know, the database is asked about those that it finds.
 */
export async function findObjects(context: FinderContext, search: ObjectSearch, page: Page): Promise<FoundIds> {
  const answer = answerOf(search);
  if (answer === 'none') return searchDatabase(context, search, page);
  const { filter, names } = search;
  const { indexes } = context;
  // The database has an index of names alone: where none is asked for it would look up each object, for seconds.
  const isAwaited = (answer === 'whole' && names === undefined) || context.firstSearch === 'waits';
  const index = await (isAwaited ? indexes.make(filter.scope) : indexes.find(filter.scope));
  const found = await (index ? searchWith(index, context, search, page) : searchDatabase(context, search, page));
  // For the next search; this one does not share its time with it. What fails there fails there again, and tells why.
  if (!index && !isAwaited) void indexes.make(filter.scope).catch(() => undefined);
  return found;
}

async function searchWith(
  index: ObjectIndex,
  context: FinderContext,
  search: ObjectSearch,
  page: Page,
): Promise<FoundIds> {
  const { filter, names, description } = search;
  if ((filter.ids?.length ?? index.objects) < index.objects * LEAST_SHARE) return searchDatabase(context, search, page);
  if (answerOf(search) === 'whole') return index.search(filter, names, page);
  const { ids, total } = await index.search(filter, names, { offset: 0, limit: MANY_IDS });
  if (total > MANY_IDS) return searchDatabase(context, search, page);
  const rest = { filter: { ...filter, ids: unpackIds(ids) }, names: undefined, description };
  return searchDatabase(context, rest, page);
}

async function searchDatabase(context: FinderContext, search: ObjectSearch, page: Page): Promise<FoundIds> {
  const { filter, names, description } = search;
  if (!names?.matches && !description?.matches && filter.ids === undefined) return listPage(context, search, page);
  return pick(await described(context, search, named(await listAll(context, search), names)), page);
}

/** What an index knows of an object. */
const IN_INDEX = new Set<keyof ObjectFilter>(['scope', 'aclIds', 'types', 'hidden', 'ownerId', 'ids']);
const NUL = '\0';

/** So many ids, or fewer, are looked up in the database in no time. */
const MANY_IDS = 5_000;
/** Share of a scope from which on going through all of it costs less than looking up ids. */
const LEAST_SHARE = 1 / 20;

/** What an index can say to a search: all of it, a part of its conditions, or nothing that would help. */
function answerOf({ filter, names, description }: ObjectSearch): 'whole' | 'part' | 'none' {
  if (filter.ids !== undefined && filter.ids.length < MANY_IDS) return 'none';
  if (names?.parts.some(({ text }) => text.includes(NUL))) return 'none';
  const isWhole = Object.entries(filter).every(
    ([name, condition]) => IN_INDEX.has(name as keyof ObjectFilter) || isAbsent(condition),
  );
  return isWhole && description === undefined ? 'whole' : 'part';
}

/** A condition that filters nothing; a range of dates may have no end on either side. */
const isAbsent = (condition: unknown): boolean =>
  condition === undefined ||
  (typeof condition === 'object' &&
    condition !== null &&
    !Array.isArray(condition) &&
    Object.values(condition).every((end) => end === undefined));

const likeFilter = ({ filter, names, description }: ObjectSearch): ObjectFilter => ({
  ...filter,
  nameLike: names?.like,
  descriptionLike: description?.like,
});

async function listPage({ platform, pieceSize }: FinderContext, search: ObjectSearch, page: Page): Promise<FoundIds> {
  const lists = objectLists(platform.metadata.reader);
  const filter = likeFilter(search);
  const ids: string[] = [];
  let total = 0;
  for await (const piece of piecesOf(platform.metadata.reader, filter, pieceSize)) {
    const part = await listPart(lists, { ...filter, ...piece }, restOf(page, total, ids.length));
    for (const id of part.ids) ids.push(id);
    total += part.total;
  }
  return { ids: packIds(ids), total };
}

/** What is asked of the part that follows, when so many were found before it and so many of these are on the page. */
const restOf = ({ offset, limit }: Page, found: number, listed: number): Page => ({
  offset: Math.max(0, offset - found),
  limit: limit < 0 ? limit : limit - listed,
});

type Lists = ReturnType<typeof objectLists>;

async function listPart(lists: Lists, filter: ObjectFilter, page: Page) {
  if (page.limit === 0) return { ids: [], total: await lists.count(filter) };
  const ids = (await lists.listFound(filter, page)).map(({ id }) => id);
  const isLast = page.limit < 0 || ids.length < page.limit;
  const isAll = isLast && (ids.length > 0 || page.offset === 0);
  return { ids, total: isAll ? page.offset + ids.length : await lists.count(filter) };
}

function pick(meant: readonly FoundObject[], { offset, limit }: Page): FoundIds {
  const asked = meant.slice(offset, limit < 0 ? undefined : offset + limit);
  return { ids: packIds(asked.map(({ id }) => id)), total: meant.length };
}

function named(found: readonly FoundObject[], names: NameQuery | undefined): readonly FoundObject[] {
  const matches = names?.matches;
  return matches ? found.filter((object) => matches(object.name)) : found;
}

/** Descriptions that are in memory at a time, which may be long. */
const DESCRIPTIONS_PER_STEP = 1_000;

/** Those whose descriptions are meant, where LIKE may have found others as well. */
async function described(
  { platform }: FinderContext,
  { filter, description }: ObjectSearch,
  found: readonly FoundObject[],
): Promise<readonly FoundObject[]> {
  const matches = description?.matches;
  if (!matches) return found;
  const lists = objectLists(platform.metadata.reader);
  const meant: FoundObject[] = [];
  for (let at = 0; at < found.length; at += DESCRIPTIONS_PER_STEP) {
    const step = found.slice(at, at + DESCRIPTIONS_PER_STEP);
    const texts = await lists.descriptions(
      filter.scope,
      step.map(({ id }) => id),
    );
    for (const object of step) if (matches(texts.get(object.id) ?? '')) meant.push(object);
    await setImmediate();
  }
  return meant;
}

/** Ids are looked up one by one, at three times the price of reading the scope in its order. */
const LARGE_SHARE = 1 / 3;

async function listAll({ platform, pieceSize }: FinderContext, search: ObjectSearch): Promise<FoundObject[]> {
  const db = platform.metadata.reader;
  const { ids, ...others } = likeFilter(search);
  if (ids === undefined) return listWhole(db, others, pieceSize);
  const isLarge = ids.length >= MANY_IDS && ids.length >= (await countScope(db, others.scope)) * LARGE_SHARE;
  if (!isLarge) return objectLists(db).listByIds(others, ids);
  const wanted = new Set(ids);
  return (await listWhole(db, others, pieceSize)).filter(({ id }) => wanted.has(id));
}

const countScope = (db: Executor<MetadataTables>, scope: string): Promise<number> =>
  objectLists(db).count({ scope, aclIds: null });

async function listWhole(
  db: Executor<MetadataTables>,
  filter: ObjectFilter,
  pieceSize: number,
): Promise<FoundObject[]> {
  const found: FoundObject[][] = [];
  for await (const piece of piecesOf(db, filter, pieceSize))
    found.push(await objectLists(db).listFound({ ...filter, ...piece }));
  return found.flat();
}
