import { AppError, type ModelBody } from '@longshore/contracts';
import { parseObjectId, type JsonObject, type JsonValue } from '@longshore/domain';
import { completeExpressions, completeForms } from './complete-forms.ts';
import { completeTable } from './complete-table.ts';
import type { ModelAuthor, ModelEdit } from './model-author.ts';
import { isJsonObject, splitBody } from './model-definition.ts';
import {
  ATTRIBUTE_TYPE,
  FACT_TYPE,
  findSubtype,
  subtypeName,
  TABLE_TYPE,
  type ModelResource,
} from './model-resources.ts';
import type { ModeledObject } from './model-store.ts';

/** The object of a resource. @throws AppError `notFound` for an id of which the resource has none */
export async function getModel(author: ModelAuthor, resource: ModelResource, id: string): Promise<ModeledObject> {
  const parsed = parseObjectId(id);
  const found = parsed === undefined ? undefined : await author.store.find(parsed);
  if (found && isOfResource(found, resource)) return found;
  throw new AppError(
    'notFound',
    `${resource.noun} with id ${id} is not found in the project with id ${author.store.projectId}.`,
  );
}

const isOfResource = ({ row }: ModeledObject, resource: ModelResource): boolean =>
  row.type === resource.type && resource.subtypes.includes(row.subtype);

/** A new object of a resource, from a body as clients send it. */
export async function createModel(
  author: ModelAuthor,
  resource: ModelResource,
  body: ModelBody,
): Promise<ModeledObject> {
  const { information, definition } = splitBody(body);
  const name = textOf(information, 'name') ?? nameOfTable(resource, definition);
  if (name === undefined) throw new AppError('missing', 'information.name is required.');
  return author.create({
    type: resource.type,
    subtype: subtypeOf(resource, information),
    name,
    description: textOf(information, 'description') ?? '',
    folderId: textOf(information, 'destinationFolderId') ?? author.folderId(resource.folder),
    information,
    definition: await completed(author, { resource, definition, before: {}, name }),
  });
}

/** Members of the body take the place of the object's; PUT and PATCH mean the same, as clients use them alike. */
export async function updateModel(
  author: ModelAuthor,
  before: ModeledObject,
  { resource, body }: { readonly resource: ModelResource; readonly body: ModelBody },
): Promise<ModeledObject> {
  const { information, definition } = splitBody(body);
  refuseOtherIdentity(before, information);
  const [name, folderId] = [textOf(information, 'name'), textOf(information, 'destinationFolderId')];
  const description = descriptionOf(information);
  const edit: ModelEdit = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(folderId === undefined ? {} : { folderId }),
    information,
    definition: await completed(author, {
      resource,
      definition,
      before: before.object.definition,
      name: before.object.name,
    }),
  };
  return author.update(before, edit);
}

interface Incoming {
  readonly resource: ModelResource;
  readonly definition: JsonObject;
  readonly before: JsonObject;
  readonly name: string;
}

/** The ids that clients leave to the server. */
async function completed(author: ModelAuthor, { resource, definition, before, name }: Incoming): Promise<JsonObject> {
  const newId = (): string => author.newId();
  if (resource.type === ATTRIBUTE_TYPE) return completeForms(definition, before, newId);
  if (resource.type === FACT_TYPE) return completeExpressions(definition, newId);
  if (resource.type === TABLE_TYPE) return completeTable(author, { definition, before, name });
  return definition;
}

/** A table may be named after the warehouse table. */
function nameOfTable(resource: ModelResource, { physicalTable }: JsonObject): string | undefined {
  if (resource.type !== TABLE_TYPE || !isJsonObject(physicalTable)) return undefined;
  return textOf(physicalTable, 'tableName');
}

function subtypeOf(resource: ModelResource, information: JsonObject): number {
  const given = textOf(information, 'subType');
  const [usual = 0] = resource.subtypes;
  if (given === undefined && !resource.needsSubtype) return usual;
  const subtype = given === undefined ? undefined : findSubtype(resource.type, given);
  if (subtype !== undefined && resource.subtypes.includes(subtype)) return subtype;
  const allowed = resource.subtypes.map((number) => subtypeName(resource.type, number)).join(', ');
  if (given === undefined) throw new AppError('missing', `information.subType is required: ${allowed}.`);
  throw new AppError('invalid', `Invalid value: information.subType ${given} must be one of ${allowed}.`);
}

/** A body may repeat id and subtype as they were read; it cannot change them. */
function refuseOtherIdentity({ row }: ModeledObject, information: JsonObject): void {
  const id = textOf(information, 'objectId');
  if (id !== undefined && parseObjectId(id) !== row.id) {
    throw new AppError('invalid', `Invalid value: information.objectId ${id} is not the id of the object, ${row.id}.`);
  }
  const subType = textOf(information, 'subType');
  if (subType !== undefined && findSubtype(row.type, subType) !== row.subtype) {
    throw new AppError(
      'invalid',
      `Invalid value: information.subType ${subType}: '${row.name}' is a ${subtypeName(row.type, row.subtype)} and stays one.`,
    );
  }
}

const textOf = (information: JsonObject, member: string): string | undefined => {
  const value: JsonValue | undefined = information[member];
  return typeof value === 'string' ? value : undefined;
};

/** A description that is null is taken away. */
function descriptionOf(information: JsonObject): string | undefined {
  return information['description'] === null ? '' : textOf(information, 'description');
}
