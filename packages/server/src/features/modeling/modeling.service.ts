import { AppError, type ModelBody, type ModelListQuery } from '@longshore/contracts';
import { RIGHTS, type JsonObject } from '@longshore/domain';
import { wireDate, wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { ChangesetTable, MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { requireOpenProject } from '../project-lock/find-foreign-project-lock.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { requireOpenSchema } from '../schema-lock/find-foreign-schema-lock.ts';
import { createModel, getModel, updateModel } from './author-models.ts';
import { relationshipsIn, writeRelationships } from './author-relationships.ts';
import { changesetModels } from './changeset-models.repository.ts';
import { changesetObjects, changesets } from './changesets.repository.ts';
import { getChangeset } from './get-changeset.ts';
import { journalModels } from './journal-models.ts';
import { createListModels } from './list-models.service.ts';
import { ModelAuthor } from './model-author.ts';
import { MODEL_RESOURCES, type ModelResource } from './model-resources.ts';
import type { ModeledObject } from './model-store.ts';
import { viewModel, type ModelShow } from './model-views.ts';
import { refuseUsedRemovals } from './refuse-used-removals.ts';
import { requireExistingProject } from './require-project.ts';
import { storedModels } from './stored-models.repository.ts';

/** Who asks, and where: in a changeset, which knows its project, or in a project. */
export interface ModelRequest {
  readonly caller: Caller;
  readonly place: { readonly changesetId: string } | { readonly projectId: string };
}

/** One object of a resource. */
export interface ModelAddress {
  readonly resource: ModelResource;
  readonly id: string;
}

/** The use cases of `/api/model/{resource}`. Outside of a changeset a change is committed at once. */
export interface ModelingService {
  get(request: ModelRequest, address: ModelAddress, show: ModelShow): Promise<JsonObject>;
  list(request: ModelRequest, resource: ModelResource, query: ModelListQuery): Promise<JsonObject>;
  create(
    request: ModelRequest,
    model: { readonly resource: ModelResource; readonly body: ModelBody },
    show: ModelShow,
  ): Promise<JsonObject>;
  update(
    request: ModelRequest,
    model: ModelAddress & { readonly body: ModelBody },
    show: ModelShow,
  ): Promise<JsonObject>;
  /** In a changeset, whether something still uses the object is asked when it is committed. */
  remove(request: ModelRequest, address: ModelAddress): Promise<void>;
  getRelationships(request: ModelRequest, attributeId: string): Promise<JsonObject[]>;
  putRelationships(request: ModelRequest, attributeId: string, relationships: JsonObject[]): Promise<JsonObject[]>;
}

/** Staged objects are kept with the metadata; a larger change is what packages are for. */
const MOST_STAGED = 10_000;

export function createModelingService(context: ObjectContext, ended: EndedSessions): ModelingService {
  const { platform, access } = context;

  const read = async <T>(
    request: ModelRequest,
    work: (db: Executor<MetadataTables>, author: ModelAuthor) => Promise<T>,
  ): Promise<T> => {
    const db = platform.metadata.reader;
    return work(db, (await openPlace(context, db, request)).author);
  };

  const write = async <T>(
    request: ModelRequest,
    work: (tx: Executor<MetadataTables>, author: ModelAuthor) => Promise<T>,
  ): Promise<T> => {
    await ended.release();
    const projectId = await projectOfPlace(platform.metadata.reader, request);
    return platform.metadata.write(async (tx) => {
      const { author, changeset } = await openPlace(context, tx, request);
      const result = await work(tx, author);
      if (author.changes.length > 0) await finish(context, tx, { author, changeset, caller: request.caller });
      return result;
    }, projectId);
  };

  const getReadable = (place: Readable, address: ModelAddress): Promise<ModeledObject> =>
    getReadableModel(context, place, address);

  return {
    list: createListModels(context),

    get: (request, address, show) =>
      read(request, async (db, author) => {
        const { caller } = request;
        const model = await getReadable({ db, author, caller }, address);
        return viewModel(db, { access, caller }, model, show);
      }),

    create: (request, { resource, body }, show) =>
      write(request, async (tx, author) => {
        const model = await createModel(author, resource, body);
        return viewModel(tx, { access, caller: request.caller }, model, show);
      }),

    update: (request, { resource, id, body }, show) =>
      write(request, async (tx, author) => {
        const { caller } = request;
        const before = await getReadable({ db: tx, author, caller }, { resource, id });
        const model = await updateModel(author, before, { resource, body });
        return viewModel(tx, { access, caller }, model, show);
      }),

    remove: ({ caller, place }, address) =>
      write({ caller, place }, async (tx, author) =>
        author.remove(await getReadable({ db: tx, author, caller }, address)),
      ),

    getRelationships: ({ caller, place }, id) =>
      read({ caller, place }, async (db, author) =>
        relationshipsIn(await getReadable({ db, author, caller }, { resource: ATTRIBUTES, id })),
      ),

    putRelationships: ({ caller, place }, id, relationships) =>
      write({ caller, place }, async (tx, author) => {
        const attribute = await getReadable({ db: tx, author, caller }, { resource: ATTRIBUTES, id });
        return relationshipsIn(await writeRelationships(author, attribute, relationships));
      }),
  };
}

const ATTRIBUTES = MODEL_RESOURCES.find((resource) => resource.path === 'attributes') as ModelResource;

/** Where an object is read from, and by whom. */
interface Readable {
  readonly db: Executor<MetadataTables>;
  readonly author: ModelAuthor;
  readonly caller: Caller;
}

async function getReadableModel(
  { access }: ObjectContext,
  { db, author, caller }: Readable,
  { resource, id }: ModelAddress,
): Promise<ModeledObject> {
  const model = await getModel(author, resource, id);
  await access.require(db, accessorOf(caller, model.row.scope), { object: model.row, right: RIGHTS.read });
  return model;
}

interface Place {
  readonly author: ModelAuthor;
  readonly changeset: ChangesetTable | null;
}

/** What has to be locked. @throws AppError `notFound` for a changeset that is not the caller's */
const projectOfPlace = async (db: Executor<MetadataTables>, { caller, place }: ModelRequest): Promise<string> =>
  'projectId' in place ? place.projectId : (await getChangeset(db, caller, place.changesetId)).project_id;

async function openPlace(context: ObjectContext, db: Executor<MetadataTables>, request: ModelRequest): Promise<Place> {
  const { caller, place } = request;
  if ('changesetId' in place) {
    const changeset = await getChangeset(db, caller, place.changesetId);
    return { changeset, author: new ModelAuthor(context, db, { store: changesetModels(db, changeset), caller }) };
  }
  await requireExistingProject(db, place.projectId);
  return {
    changeset: null,
    author: new ModelAuthor(context, db, { store: storedModels(db, place.projectId), caller }),
  };
}

async function finish(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  { author, changeset, caller }: Place & { readonly caller: Caller },
): Promise<void> {
  const { projectId } = author.store;
  await requireOpenProject(tx, projectId, caller.sessionId);
  if (author.changesSchema) {
    const editor = changeset && { id: changeset.id, schemaEdit: changeset.schema_edit === 1 };
    await requireOpenSchema(tx, { projectId, changeset: editor });
  }
  await author.check();
  const now = context.platform.clock.now();
  if (changeset === null) {
    await refuseUsedRemovals(tx, author);
    return journalModels(tx, { caller, date: wireDateOfSecond(now), changes: author.changes });
  }
  await changesets(tx).setModified(changeset.id, wireDate(now));
  if ((await changesetObjects(tx, changeset.id).count()) > MOST_STAGED) {
    throw new AppError('invalid', `A changeset holds at most ${MOST_STAGED} objects. Commit it and go on in another.`);
  }
}
