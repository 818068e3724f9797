import { AppError } from '@longshore/contracts';
import {
  canonicalJson,
  findPredefinedFolder,
  inheritedAcl,
  isSchemaType,
  isSystemObject,
  parseObjectId,
  projectOf,
  type AclEntry,
  type JsonObject,
  type JsonValue,
  type MetadataObject,
} from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { checkModelChange, type ModelChange } from './check-model.ts';
import { givenInformation, replaceMembers, withInformation } from './model-definition.ts';
import type { ModeledObject, ModelStore } from './model-store.ts';
import { areaOf, requireModelingPrivilege } from './modeling-privileges.ts';

/** A new object. */
export interface ModelDraft {
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly folderId: string;
  /** What clients have said in `information`. */
  readonly information: JsonObject;
  readonly definition: JsonObject;
}

/** What changes of an object; absent parts stay. Members of the definition take the place of those of the same name. */
export interface ModelEdit {
  readonly name?: string;
  readonly description?: string;
  readonly folderId?: string;
  readonly information?: JsonObject;
  readonly definition?: JsonObject;
}

/**
 * Writes the objects of one request, or of a changeset being committed, into a store, and then checks all of them
 * over the outcome: what they refer to may come later in the same request. A refusal rolls the unit of work back.
 */
export class ModelAuthor {
  readonly store: ModelStore;
  readonly #context: ObjectContext;
  readonly #tx: Executor<MetadataTables>;
  readonly #caller: Caller;
  readonly #changes = new Map<string, ModelChange>();

  constructor(context: ObjectContext, tx: Executor<MetadataTables>, parts: { store: ModelStore; caller: Caller }) {
    this.#context = context;
    this.#tx = tx;
    this.store = parts.store;
    this.#caller = parts.caller;
  }

  /** What has been written so far, in order; an object that was written twice is there once. */
  get changes(): readonly ModelChange[] {
    return [...this.#changes.values()];
  }

  get changesSchema(): boolean {
    return this.changes.some(({ before, after }) => isSchemaType((after ?? before)?.row.type ?? 0));
  }

  newId(): string {
    return this.#context.platform.ids.objectId();
  }

  /** The id of a predefined folder of the project. */
  folderId(number: number): string {
    return findPredefinedFolder(number)?.id ?? '';
  }

  async create(draft: ModelDraft): Promise<ModeledObject> {
    const { projectId } = this.store;
    requireModelingPrivilege(this.#caller, projectId, areaOf(draft.type));
    const date = this.#now();
    const ownerId = this.#caller.user.id;
    const object: MetadataObject = {
      projectId: projectOf(projectId),
      id: this.newId(),
      type: draft.type,
      subtype: draft.subtype,
      name: modelName(draft.name),
      description: draft.description,
      abbreviation: '',
      parentId: folderIdOf(draft.folderId),
      ownerId,
      version: this.newId(),
      dateCreated: date,
      dateModified: date,
      hidden: false,
      acl: inheritedAcl(await this.#folderAcl(draft.folderId), ownerId, false),
      definition: replaceMembers({}, draft.definition),
      uses: [],
      translations: {},
    };
    return this.put(null, withInformation(object, draft.information));
  }

  /** An edit that changes nothing leaves version and dates as they are. */
  async update(before: ModeledObject, edit: ModelEdit): Promise<ModeledObject> {
    refuseSystemObject(before);
    const { object } = before;
    const { information: _stored, ...definition } = object.definition;
    const information = replaceMembers(givenInformation(object), edit.information ?? {});
    const edited: MetadataObject = {
      ...object,
      name: edit.name === undefined ? object.name : modelName(edit.name),
      description: edit.description ?? object.description,
      parentId: edit.folderId === undefined ? object.parentId : folderIdOf(edit.folderId),
      definition: replaceMembers(definition, edit.definition ?? {}),
    };
    if (isUnchanged(before, withInformation(edited, information))) return before;
    const saved = { ...edited, version: this.newId(), dateModified: this.#now() };
    return this.put(before, withInformation(saved, information));
  }

  /** Writes an object as it is. */
  async put(before: ModeledObject | null, object: MetadataObject): Promise<ModeledObject> {
    const first = this.#changes.get(object.id)?.before;
    const after = await this.store.put(object, before);
    this.#changes.set(object.id, { before: first === undefined ? before : first, after });
    return after;
  }

  async remove(before: ModeledObject): Promise<void> {
    refuseSystemObject(before);
    const { id } = before.object;
    const known = this.#changes.get(id);
    await this.store.remove(before);
    if (known?.before === null) this.#changes.delete(id);
    else this.#changes.set(id, { before: known?.before ?? before, after: null });
  }

  /** @throws AppError for the first change that must not be */
  async check(): Promise<void> {
    const { access } = this.#context;
    const accessor = accessorOf(this.#caller, this.store.projectId);
    for (const change of this.changes) {
      await checkModelChange(this.#tx, { access, accessor, store: this.store }, change);
    }
  }

  #now(): string {
    return wireDateOfSecond(this.#context.platform.clock.now());
  }

  async #folderAcl(folderId: string): Promise<AclEntry[]> {
    const reader = objectReader(this.#tx);
    const folder = await reader.findRow({ scope: this.store.projectId, id: folderIdOf(folderId) });
    const acl = folder === undefined ? undefined : await reader.findAcl(folder.acl_id);
    return JSON.parse(acl?.entries ?? '[]') as AclEntry[];
  }
}

/** As objects are compared in the store; an `information` block that only the server would write anew is no change. */
function isUnchanged({ object }: ModeledObject, edited: MetadataObject): boolean {
  const isSamePlace =
    object.name === edited.name && object.description === edited.description && object.parentId === edited.parentId;
  return isSamePlace && canonicalJson(comparable(object)) === canonicalJson(comparable(edited));
}

const comparable = (object: MetadataObject): JsonValue => withInformation(object, givenInformation(object)).definition;

function refuseSystemObject({ row }: ModeledObject): void {
  if (!isSystemObject(row)) return;
  throw new AppError('invalid', `'${row.name}' (${row.id}) is a system object and cannot be changed.`);
}

const LONGEST_NAME = 250;

function modelName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= LONGEST_NAME) return trimmed;
  throw new AppError('invalid', `Invalid value: information.name must have 1 to ${LONGEST_NAME} characters.`);
}

function folderIdOf(folderId: string): string {
  const id = parseObjectId(folderId);
  if (id !== undefined) return id;
  throw new AppError('invalid', `Invalid value: information.destinationFolderId ${folderId} must be 32 hex digits.`);
}
