import {
  AppError,
  type MetadataSearchBody,
  type MetadataSearchQuery,
  type NamePattern,
  type ObjectSummary,
  type QuickSearchQuery,
  type SearchTreeNode,
} from '@longshore/contracts';
import { RIGHTS, scopeOf } from '@longshore/domain';
import type { Caller } from '../../platform/http/access.ts';
import { getObject } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf, type Accessor } from '../objects/object-access.service.ts';
import type { ObjectFilter, Page } from '../objects/object-lists.repository.ts';
import { shownAncestors } from '../objects/object-views.service.ts';
import { objectReader } from '../objects/objects.repository.ts';
import type { Direction } from '../objects/dependencies.repository.ts';
import { dependencyClosures, type DependencyClosures } from './dependency-closure.ts';
import { findObjects, type FinderContext } from './find-objects.ts';
import { toDescriptionQuery, toNameQuery } from './name-pattern.ts';
import { ObjectIndexes, type IndexLimits } from './object-indexes.ts';
import { unpackIds } from './packed-ids.ts';
import { listOrNothing, searchConditions, searchedScope, toId } from './search-filter.ts';
import { OBJECTS_PER_PIECE } from './search-pieces.ts';
import { SearchStore, type StoredSearch } from './search-store.ts';
import { buildSearchTree } from './search-tree.ts';

export interface SearchRequest {
  readonly caller: Caller;
  readonly projectId: string | null;
}

export interface SearchPage {
  readonly objects: ObjectSummary[];
  readonly total: number;
}

/** The use cases of `/api/searches*` and `/api/metadataSearches*`. Only what the caller may browse is found. */
export interface SearchesService {
  quick(request: SearchRequest, query: QuickSearchQuery): Promise<SearchPage>;
  start(request: SearchRequest, query: MetadataSearchQuery, body: MetadataSearchBody): Promise<StoredSearch>;
  results(caller: Caller, searchId: string, page: Page): Promise<SearchPage>;
  tree(caller: Caller, searchId: string): Promise<SearchTreeNode[]>;
  /** Ends what goes on beside the requests. */
  close(): Promise<void>;
}

type SearchContext = ObjectContext & FinderContext;

export type SearchLimits = IndexLimits & Pick<FinderContext, 'pieceSize' | 'firstSearch'>;

/** @param limits that are not the usual ones, for tests */
export function createSearchesService(objects: ObjectContext, limits: Partial<SearchLimits> = {}): SearchesService {
  const { pieceSize = OBJECTS_PER_PIECE, firstSearch = 'goes on', ...ofIndexes } = limits;
  const indexes = new ObjectIndexes(objects.platform, ofIndexes);
  const context: SearchContext = { ...objects, pieceSize, firstSearch, indexes };
  const store = new SearchStore(context.platform);
  const closures = dependencyClosures(context.platform.metadata);
  const { platform, access } = context;
  return {
    quick: (request, query) => quickSearch(context, request, query),

    async start({ caller, projectId }, query, body) {
      const scope = searchedScope(projectId, query.domain);
      const names = toNameQuery(query.name, query.pattern as NamePattern | undefined);
      const description = toDescriptionQuery(body.descriptionQuery);
      const ids = await relatedIds({ ...context, closures }, { caller, projectId }, query);
      const filter = {
        ...searchConditions(query, body, platform.clock.now()),
        scope,
        aclIds: await access.browsable(accessorOf(caller, scope)),
        ids,
      };
      const search = { filter, names, description };
      const found = await findObjects(context, search, { offset: 0, limit: -1 });
      return store.put(caller.sessionId, scope, found.ids);
    },

    async results(caller, searchId, page) {
      const search = getSearch(store, caller, searchId);
      return { objects: await showFound(context, caller, search, search.idsOf(page)), total: search.total };
    },

    async tree(caller, searchId) {
      const search = getSearch(store, caller, searchId);
      const objects = await showFound(context, caller, search, search.idsOf({ offset: 0, limit: -1 }));
      const { scope } = search;
      return buildSearchTree(platform.metadata.reader, { access, accessor: accessorOf(caller, scope), scope, objects });
    },

    close: () => context.indexes.close(),
  };
}

function getSearch(store: SearchStore, caller: Caller, searchId: string): StoredSearch {
  const search = store.find(caller.sessionId, searchId);
  if (search) return search;
  throw new AppError('notFound', `There is no search with the id ${searchId} in this session. Run it again.`);
}

/** Found objects in their order, as far as they are still there and may still be seen. */
async function showFound(
  { platform, access, views }: ObjectContext,
  caller: Caller,
  { scope }: { readonly scope: string },
  ids: readonly string[],
): Promise<ObjectSummary[]> {
  const db = platform.metadata.reader;
  const accessor = accessorOf(caller, scope);
  const rows = new Map((await objectReader(db).loadRows(scope, ids)).map((row) => [row.id, row]));
  const isShown = await access.visibility(db, accessor, [...rows.values()]);
  const shown = ids.flatMap((id) => rows.get(id) ?? []).filter(isShown);
  return views.summaries(db, accessor, shown);
}

async function quickSearch(
  context: SearchContext,
  { caller, projectId }: SearchRequest,
  query: QuickSearchQuery,
): Promise<SearchPage> {
  const scope = scopeOf(projectId);
  const accessor = accessorOf(caller, scope);
  const names = toNameQuery(query.name, query.pattern as NamePattern | undefined);
  const filter = { ...quickConditions(query), scope, aclIds: await context.access.browsable(accessor) };
  const { ids, total } = await findObjects(context, { filter, names }, query);
  const objects = await showFound(context, caller, { scope }, unpackIds(ids));
  if (query.getAncestors !== true) return { objects, total };
  return { objects: await withAncestors(context, { scope, accessor }, objects), total };
}

const quickConditions = (query: QuickSearchQuery): Omit<ObjectFilter, 'scope' | 'aclIds'> => ({
  types: listOrNothing(query.type),
  below: query.root === undefined ? undefined : toId(query.root, 'root'),
  hidden: query['result.hidden'],
  ownerId: query.ownerId === undefined ? undefined : toId(query.ownerId, 'ownerId'),
  certified: CERTIFIED[query.certifiedStatus?.toUpperCase() ?? ''],
});

const CERTIFIED: Readonly<Record<string, boolean>> = { CERTIFIED_ONLY: true, NOT_CERTIFIED_ONLY: false };

async function withAncestors(
  { platform, access }: ObjectContext,
  { scope, accessor }: { readonly scope: string; readonly accessor: Accessor },
  objects: readonly ObjectSummary[],
): Promise<ObjectSummary[]> {
  const db = platform.metadata.reader;
  const shown: ObjectSummary[] = [];
  for (const object of objects) {
    shown.push({ ...object, ancestors: await shownAncestors(access, db, accessor, { scope, id: object.id }) });
  }
  return shown;
}

/** Ids that `usesObject` or `usedByObject` allow; undefined when neither is asked for. */
async function relatedIds(
  context: ObjectContext & { readonly closures: DependencyClosures },
  request: SearchRequest,
  query: MetadataSearchQuery,
): Promise<string[] | undefined> {
  const asked = relationOf(query);
  if (asked === undefined) return undefined;
  // The way leads through the project even where only configuration objects are looked for.
  const scope = scopeOf(request.projectId);
  let related: ReadonlySet<string> | undefined;
  for (const target of asked.targets) {
    const from = await getTarget(context, request, target);
    const closure = await context.closures.find({ ...asked, scope, from });
    related = related === undefined ? closure : combine(related, closure, asked.combination);
  }
  return [...(related ?? [])];
}

interface Relation {
  readonly targets: readonly string[];
  readonly direction: Direction;
  readonly depth: 'direct' | 'recursive';
  readonly combination: 'all' | 'any';
}

const depthOf = (isRecursive: boolean | undefined) => (isRecursive === true ? 'recursive' : 'direct');
const combinationOf = (isOneOf: boolean | undefined) => (isOneOf === true ? 'any' : 'all');

/** "usesObject=X" asks for what uses X: the edges are followed against their direction. */
function relationOf(query: MetadataSearchQuery): Relation | undefined {
  const { usesObject = [], usedByObject = [] } = query;
  if (usesObject.length > 0 && usedByObject.length > 0) {
    throw new AppError('invalid', 'usesObject and usedByObject cannot be combined: run two searches.');
  }
  if (usesObject.length > 0) {
    const { usesRecursive, usesOneOf } = query;
    return {
      targets: usesObject,
      direction: 'used-by',
      depth: depthOf(usesRecursive),
      combination: combinationOf(usesOneOf),
    };
  }
  if (usedByObject.length === 0) return undefined;
  const { usedByRecursive, usedByOneOf } = query;
  return {
    targets: usedByObject,
    direction: 'uses',
    depth: depthOf(usedByRecursive),
    combination: combinationOf(usedByOneOf),
  };
}

const combine = (a: ReadonlySet<string>, b: ReadonlySet<string>, combination: 'all' | 'any'): ReadonlySet<string> =>
  new Set(combination === 'any' ? [...a, ...b] : [...a].filter((id) => b.has(id)));

/** @throws AppError `invalid` for a text that is not `<id>;<type>`, `notFound` or `noAccess` for the object */
async function getTarget({ platform, access }: ObjectContext, request: SearchRequest, target: string): Promise<string> {
  const [id = '', type = ''] = target.split(';');
  if (!/^\d+$/.test(type)) throw new AppError('invalid', `Invalid value: '${target}' must be '<id>;<type>'.`);
  const db = platform.metadata.reader;
  const object = await getObject(db, { id, type: Number(type), projectId: request.projectId });
  await access.require(db, accessorOf(request.caller, object.scope), { object, right: RIGHTS.browse });
  return object.id;
}
