import type { ModelListQuery } from '@longshore/contracts';
import { RIGHTS, type JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { objectLists, type ObjectFilter } from '../objects/object-lists.repository.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { changesetModels } from './changeset-models.repository.ts';
import { changesetObjects } from './changesets.repository.ts';
import { getChangeset } from './get-changeset.ts';
import { subtypeName, type ModelResource } from './model-resources.ts';
import { viewModel } from './model-views.ts';
import type { ModelRequest } from './modeling.service.ts';
import { requireExistingProject } from './require-project.ts';
import { loadModel } from './stored-models.repository.ts';
import type { ModeledObject } from './model-store.ts';

/** The objects of a resource that the caller may browse, by name, a page at a time. */
export function createListModels(context: ObjectContext) {
  return async (request: ModelRequest, resource: ModelResource, query: ModelListQuery): Promise<JsonObject> => {
    const { offset, limit } = query;
    const { entries, total } = await loadPage(context, request, { resource, offset, limit });
    const shown: JsonObject[] = [];
    for (const entry of entries) shown.push(await showEntry(context, request, { resource, query, entry }));
    return { offset, limit, total, [resource.path]: shown };
  };
}

/** A row, and for an object of a changeset the object as it will be. */
interface Entry {
  readonly row: ObjectTable;
  readonly staged?: ModeledObject;
}

interface PageOf {
  readonly resource: ModelResource;
  readonly offset: number;
  readonly limit: number;
}

async function loadPage(
  context: ObjectContext,
  request: ModelRequest,
  { resource, offset, limit }: PageOf,
): Promise<{ entries: Entry[]; total: number }> {
  const db = context.platform.metadata.reader;
  if ('changesetId' in request.place) {
    const all = await loadChangesetEntries(context, request, resource);
    return { entries: all.slice(offset, limit < 0 ? undefined : offset + limit), total: all.length };
  }
  await requireExistingProject(db, request.place.projectId);
  const filter = await filterFor(context, request, { resource, scope: request.place.projectId });
  const rows = await objectLists(db).listPage(filter, { offset, limit });
  return { entries: rows.map((row) => ({ row })), total: await objectLists(db).count(filter) };
}

async function filterFor(
  { access }: ObjectContext,
  { caller }: ModelRequest,
  { resource, scope }: { readonly resource: ModelResource; readonly scope: string },
): Promise<ObjectFilter> {
  return { scope, aclIds: await access.browsable(accessorOf(caller, scope)), types: resource.subtypes };
}

/** All of them: a page over stored and staged objects together cannot be cut by the database. */
async function loadChangesetEntries(
  context: ObjectContext,
  request: ModelRequest,
  resource: ModelResource,
): Promise<Entry[]> {
  const db = context.platform.metadata.reader;
  const id = 'changesetId' in request.place ? request.place.changesetId : '';
  const changeset = await getChangeset(db, request.caller, id);
  const filter = await filterFor(context, request, { resource, scope: changeset.project_id });
  const rows = await objectLists(db).listPage(filter, { offset: 0, limit: -1 });
  const entries = new Map<string, Entry>(rows.map((row) => [row.id, { row }]));
  for (const { id: stagedId, object } of await changesetObjects(db, changeset.id).list()) {
    entries.delete(stagedId);
    if (object === null || object.type !== resource.type || !resource.subtypes.includes(object.subtype)) continue;
    const staged = await changesetModels(db, changeset).find(object.id);
    if (staged && (await mayBrowse(context, request, staged.row))) entries.set(object.id, { row: staged.row, staged });
  }
  return [...entries.values()].toSorted(
    (a, b) => compareText(a.row.name, b.row.name) || compareText(a.row.id, b.row.id),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function mayBrowse(
  { access, platform }: ObjectContext,
  { caller }: ModelRequest,
  row: ObjectTable,
): Promise<boolean> {
  const rights = await access.masks(platform.metadata.reader, accessorOf(caller, row.scope), [row.acl_id]);
  return ((rights.get(row.acl_id) ?? 0) & RIGHTS.browse) !== 0;
}

interface ShownEntry {
  readonly resource: ModelResource;
  readonly query: ModelListQuery;
  readonly entry: Entry;
}

async function showEntry(
  { access, platform }: ObjectContext,
  { caller }: ModelRequest,
  { resource, query, entry }: ShownEntry,
): Promise<JsonObject> {
  const db: Executor<MetadataTables> = platform.metadata.reader;
  const { row } = entry;
  if (resource.list === 'reference') {
    return { objectId: row.id, subType: subtypeName(row.type, row.subtype), name: row.name };
  }
  const model = entry.staged ?? (await loadModel(db, row));
  if (model === undefined) return {};
  const view = await viewModel(db, { access, caller }, model, { acl: false });
  const names = new Set((query.fields ?? 'information').split(',').map((name) => name.trim()));
  return Object.fromEntries(Object.entries(view).filter(([name]) => names.has(name)));
}
