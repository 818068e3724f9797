import { sql, type ExpressionBuilder, type SqlBool } from 'kysely';
import { NO_LIMIT, numberList } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { idList } from './objects.repository.ts';

/** From and to are wire dates, both included. */
export interface DateRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Which objects of a scope a list shows; a condition that is absent filters nothing. */
export interface ObjectFilter {
  readonly scope: string;
  /** Lists whose objects may be shown; null shows all. */
  readonly aclIds: readonly string[] | null;
  readonly parentId?: string | undefined;
  /** Types and subtypes, mixed: a number of 256 or more is a subtype. */
  readonly types?: readonly number[] | undefined;
  readonly hidden?: boolean | undefined;
  readonly ownerId?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** LIKE patterns with `\` as escape, of which one must match. */
  readonly nameLike?: readonly string[] | undefined;
  readonly descriptionLike?: string | undefined;
  readonly modified?: DateRange | undefined;
  readonly created?: DateRange | undefined;
  /** Anywhere below this folder. */
  readonly below?: string | undefined;
  /** Not anywhere below these folders, and not these folders themselves. */
  readonly notBelow?: readonly string[] | undefined;
  readonly certified?: boolean | undefined;
  /** Only names behind this one in the order of lists. */
  readonly afterName?: string | undefined;
  /** Only names before this one, and this one. */
  readonly upToName?: string | undefined;
}

/** `limit` -1 means no limit. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface FoundObject {
  readonly id: string;
  readonly name: string;
}

/** Lists of objects, ordered by name and id. */
export function objectLists(db: Executor<MetadataTables>) {
  const select = (filter: ObjectFilter) => db.selectFrom('object').where((eb) => eb.and(conditionsOf(eb, filter)));
  return {
    async count(filter: ObjectFilter): Promise<number> {
      const row = await select(filter)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return row.total;
    },

    listPage: (filter: ObjectFilter, page: Page): Promise<ObjectTable[]> =>
      select(filter).selectAll().orderBy('name').orderBy('id').limit(limitOf(page)).offset(page.offset).execute(),

    /** The same, as little of each object as a search keeps; all that match where no page is given. */
    listFound: (filter: ObjectFilter, page: Page = WHOLE): Promise<FoundObject[]> =>
      select(filter)
        .select(['id', 'name'])
        .orderBy('name')
        .orderBy('id')
        .limit(limitOf(page))
        .offset(page.offset)
        .execute(),

    /**
     * All that match of some ids, looked up one by one. SQLite takes the index of names for the better one, and goes through
     * all of it, unless a column is asked for that it has not and an order that it does not give.
     */
    async listByIds(filter: ObjectFilter, ids: readonly string[]): Promise<FoundObject[]> {
      return select({ ...filter, ids })
        .select(['id', 'name', 'type'])
        .orderBy(sql`name || ''`)
        .orderBy('id')
        .execute();
    },

    /** Descriptions of some objects by their ids. */
    async descriptions(scope: string, ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await select({ scope, aclIds: null, ids }).select(['id', 'description']).execute();
      return new Map(rows.map((row) => [row.id, row.description]));
    },

    /** The name so many places behind another one, or from the start; undefined behind the last one. */
    async nameBehind(scope: string, afterName: string | undefined, places: number): Promise<string | undefined> {
      const row = await select({ scope, aclIds: null, afterName })
        .select('name')
        .orderBy('name')
        .limit(1)
        .offset(places - 1)
        .executeTakeFirst();
      return row?.name;
    },
  };
}

const WHOLE: Page = { offset: 0, limit: -1 };

const limitOf = ({ limit }: Page): number => (limit < 0 ? NO_LIMIT : limit);

type Conditions = ExpressionBuilder<MetadataTables, 'object'>;

function conditionsOf(eb: Conditions, filter: ObjectFilter) {
  return [
    eb('scope', '=', filter.scope),
    ...given(filter.aclIds, (aclIds) => eb('acl_id', 'in', idList(aclIds))),
    ...given(filter.parentId, (parentId) => eb('parent_id', '=', parentId)),
    ...given(filter.ids, (ids) => eb('id', 'in', idList(ids))),
    ...given(filter.types, ofTypes),
    ...given(filter.hidden, (hidden) => eb('hidden', '=', hidden ? 1 : 0)),
    ...given(filter.ownerId, (ownerId) => eb('owner_id', '=', ownerId)),
    ...given(filter.nameLike, (patterns) => eb.or(patterns.map((pattern) => like('name', pattern)))),
    ...given(filter.descriptionLike, (pattern) => like('description', pattern)),
    ...inRange(eb, 'date_modified', filter.modified),
    ...inRange(eb, 'date_created', filter.created),
    ...given(filter.below, (root) => below(filter, [root])),
    ...given(filter.notBelow, (roots) => outside(filter, roots)),
    ...given(filter.certified, certification),
    ...given(filter.afterName, (name) => eb('name', '>', name)),
    ...given(filter.upToName, (name) => eb('name', '<=', name)),
  ];
}

/** A condition, when there is something to filter by. */
const given = <V, C>(value: V | null | undefined, condition: (value: V) => C): C[] =>
  value === undefined || value === null ? [] : [condition(value)];

/**
 * Types alone are counted in an index that has them, and objects of one type are found by it folder by folder; with an
 * alternative to the type, SQLite looks at each object of the scope.
 */
function ofTypes(numbers: readonly number[]) {
  const [types, subtypes] = [numbers.filter((number) => number < 256), numbers.filter((number) => number >= 256)];
  if (types.length === 1 && subtypes.length === 0) return sql<SqlBool>`type = ${types[0]}`;
  if (subtypes.length === 0) return sql<SqlBool>`type IN ${numberList(types)}`;
  return sql<SqlBool>`(type IN ${numberList(types)} OR subtype IN ${numberList(subtypes)})`;
}

const like = (column: 'name' | 'description', pattern: string) =>
  sql<SqlBool>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;

function inRange(eb: Conditions, column: 'date_modified' | 'date_created', range: DateRange | undefined) {
  return [...given(range?.from, (from) => eb(column, '>=', from)), ...given(range?.to, (to) => eb(column, '<=', to))];
}

/**
 * Folders from the given ones downwards; only folders have children, so the walk looks at nothing else. The index is
 * named because the query planner would read the whole scope for every folder instead.
 */
const foldersFrom = (scope: string, roots: readonly string[]) => sql<string>`(
  WITH RECURSIVE sub(id) AS (
    SELECT value FROM json_each(${JSON.stringify(roots)})
    UNION
    SELECT o.id FROM sub CROSS JOIN object o INDEXED BY object_by_parent
    ON o.scope = ${scope} AND o.parent_id = sub.id AND o.type = 8)
  SELECT id FROM sub)`;

/** So many objects at most are followed upwards; the folders below others are more where these are many. */
const FOLLOWED_UPWARDS = 5_000;

/** Of the folders in which objects lie, those that lie below the given ones or are these. */
const foldersUnder = (scope: string, roots: readonly string[], ids: readonly string[]) => sql<string>`(
  WITH RECURSIVE up(start, id) AS (
    SELECT parent_id, parent_id FROM object WHERE scope = ${scope} AND id IN ${idList(ids)}
    UNION
    SELECT up.start, o.parent_id FROM up CROSS JOIN object o ON o.scope = ${scope} AND o.id = up.id AND o.type = 8)
  SELECT start FROM up WHERE id IN ${idList(roots)})`;

const folders = ({ scope, ids }: ObjectFilter, roots: readonly string[]) =>
  ids !== undefined && ids.length <= FOLLOWED_UPWARDS ? foldersUnder(scope, roots, ids) : foldersFrom(scope, roots);

const below = (filter: ObjectFilter, roots: readonly string[]) =>
  sql<SqlBool>`object.parent_id IN ${folders(filter, roots)}`;

const outside = (filter: ObjectFilter, roots: readonly string[]) =>
  sql<SqlBool>`(object.id NOT IN ${idList(roots)} AND coalesce(object.parent_id, '') NOT IN ${folders(filter, roots)})`;

const certification = (certified: boolean) => {
  const exists = sql`EXISTS (SELECT 1 FROM certification c
    WHERE c.scope = object.scope AND c.object_id = object.id AND c.version = object.version)`;
  return certified ? sql<SqlBool>`${exists}` : sql<SqlBool>`NOT ${exists}`;
};
