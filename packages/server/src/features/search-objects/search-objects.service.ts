import {
  AppError,
  MOST_SEARCHED_CHARACTERS,
  SearchConditionsSchema,
  type CreateSearchObject,
  type SearchConditions,
  type SearchObject,
  type SearchObjectOperation,
} from '@longshore/contracts';
import {
  canonicalJson,
  defaultSubtype,
  inheritedAcl,
  projectOf,
  RIGHTS,
  type AclEntry,
  type JsonObject,
} from '@longshore/domain';
import { Check } from 'typebox/value';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { ObjectBodyTable, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { editObjects, requireOpenObjects } from '../objects/edit-objects.ts';
import { getObject } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { toMetadataObject, toObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { objectName, placeObject } from '../objects/place-object.ts';
import { journalEntry, recordChange } from '../objects/record-change.ts';
import { toConditions, toDefinition } from './search-definition.ts';

const SEARCH_TYPE = 39;
const FOLDER_TYPE = 8;
/** The folder Searches of every project (spec/api.md 2.5). */
const SEARCHES_FOLDER = '4C4F4E4753484F524500000000000008';
const DEFAULT_NAME = 'New Search';

export interface SearchObjectRequest {
  readonly caller: Caller;
  readonly projectId: string;
}

/** The use cases of `/api/searchObjects*`: saved searches of a project. */
export interface SearchObjectsService {
  /** @throws AppError `notFound`, `noAccess` */
  get(request: SearchObjectRequest, id: string): Promise<SearchObject>;
  /** @throws AppError `invalid`, `noAccess`, `conflict` for a name that is taken in the folder */
  create(request: SearchObjectRequest, body: CreateSearchObject): Promise<SearchObject>;
  /** @throws AppError as `get`; `invalid` for an operation that names no condition */
  change(request: SearchObjectRequest, id: string, operations: readonly SearchObjectOperation[]): Promise<SearchObject>;
}

export function createSearchObjectsService(context: ObjectContext): SearchObjectsService {
  const { platform, access } = context;

  return {
    async get({ caller, projectId }, id) {
      const db = platform.metadata.reader;
      const object = await getObject(db, { id, type: SEARCH_TYPE, projectId });
      await access.require(db, accessorOf(caller, object.scope), { object, right: RIGHTS.read });
      const body = await objectReader(db).findBody(object);
      return view(object, JSON.parse(body?.definition ?? '{}') as JsonObject);
    },

    create: (request, body) => createSearch(context, request, body),

    change({ caller, projectId }, id, operations) {
      const address = { id, type: SEARCH_TYPE, projectId };
      return editObjects(context, [address], async (tx) => {
        const before = await getObject(tx, address);
        await access.require(tx, accessorOf(caller, before.scope), { object: before, right: RIGHTS.write });
        const body = (await objectReader(tx).findBody(before)) as ObjectBodyTable;
        const stored = JSON.parse(body.definition) as JsonObject;
        const definition = { ...foreignParts(stored), ...toDefinition(changed(toConditions(stored), operations)) };
        if (canonicalJson(definition) === body.definition) return view(before, definition);
        const acl = await objectReader(tx).findAcl(before.acl_id);
        const date = wireDateOfSecond(platform.clock.now());
        const row = { ...before, version: platform.ids.objectId(), date_modified: date };
        const texts = { ...body, definition: canonicalJson(definition) };
        const after = toObjectRecord(toMetadataObject(row, texts, acl?.entries ?? '[]'));
        await requireOpenObjects(tx, caller, [after.row]);
        await objectWriter(tx).put(after);
        const user = { id: caller.user.id, name: caller.user.name };
        await recordChange(tx, { kind: 'update', user, date, entries: journalEntry('update', before, after.row) });
        return view(after.row, definition);
      });
    },
  };
}

async function createSearch(
  context: ObjectContext,
  { caller, projectId }: SearchObjectRequest,
  { name, description, location = SEARCHES_FOLDER, ...conditions }: CreateSearchObject,
): Promise<SearchObject> {
  const { platform, access } = context;
  const definition = toDefinition(conditions);
  const address = { id: location, type: FOLDER_TYPE, projectId };
  return editObjects(context, [address], async (tx) => {
    const folder = await getObject(tx, address);
    const accessor = accessorOf(caller, folder.scope);
    await access.require(tx, accessor, { object: folder, right: RIGHTS.write });
    const inherited = JSON.parse((await objectReader(tx).findAcl(folder.acl_id))?.entries ?? '[]') as AclEntry[];
    const date = wireDateOfSecond(platform.clock.now());
    const record = toObjectRecord({
      projectId: projectOf(folder.scope),
      id: platform.ids.objectId(),
      type: SEARCH_TYPE,
      subtype: defaultSubtype(SEARCH_TYPE),
      name: objectName(name ?? DEFAULT_NAME),
      description: description ?? '',
      abbreviation: '',
      parentId: folder.id,
      ownerId: caller.user.id,
      version: platform.ids.objectId(),
      dateCreated: date,
      dateModified: date,
      hidden: false,
      acl: inheritedAcl(inherited, caller.user.id, false),
      definition,
      uses: [],
      translations: {},
    });
    await placeObject(context, tx, { object: record.row, before: null, folderId: folder.id, accessor });
    await requireOpenObjects(tx, caller, [record.row]);
    await objectWriter(tx).put(record);
    const user = { id: caller.user.id, name: caller.user.name };
    await recordChange(tx, { kind: 'create', user, date, entries: journalEntry('create', null, record.row) });
    return view(record.row, definition);
  });
}

const view = (row: ObjectTable, definition: JsonObject): SearchObject => ({
  id: row.id,
  name: row.name,
  ...toConditions(definition),
});

/** What a definition holds beside the conditions of the API; a change of one of them leaves it alone. */
function foreignParts(definition: JsonObject): JsonObject {
  const known = new Set([...Object.keys(SearchConditionsSchema.properties), 'rootFolder']);
  return Object.fromEntries(Object.entries(definition).filter(([name]) => !known.has(name)));
}

function changed(conditions: SearchConditions, operations: readonly SearchObjectOperation[]): SearchConditions {
  const result: Record<string, unknown> = { ...conditions };
  for (const { op, path, value } of operations) {
    const name = path.replace(/^\//, '');
    if (!Object.hasOwn(SearchConditionsSchema.properties, name)) {
      throw new AppError('invalid', `Invalid value: operationList.path ${path} is not a condition of a search.`);
    }
    if (op.toLowerCase() === 'remove' || value === null || value === undefined) delete result[name];
    else if (['add', 'replace'].includes(op.toLowerCase())) result[name] = value;
    else throw new AppError('invalid', `Invalid value: operationList.op ${op} must be add, replace or remove.`);
  }
  if (Check(SearchConditionsSchema, result)) return result;
  throw new AppError(
    'invalid',
    `Invalid value: operationList.value is not of the type that the condition has, or a text is longer than ${MOST_SEARCHED_CHARACTERS} characters.`,
  );
}
