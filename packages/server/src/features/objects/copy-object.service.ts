import { AppError, type CopyObject, type ObjectDetail } from '@longshore/contracts';
import {
  FOLDER_TYPE,
  inheritedAcl,
  isSystemObject,
  RIGHTS,
  USER_TYPE,
  type AclEntry,
  type JsonObject,
  type MetadataObject,
} from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { editObjects, requireOpenObjects } from './edit-objects.ts';
import { getObject, type ObjectRequest } from './find-object.ts';
import { folderTree } from './folder-tree.repository.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf } from './object-access.service.ts';
import { toMetadataObject, toObjectRecord } from './object-rows.ts';
import { objectWriter } from './object-writer.repository.ts';
import { objectReader } from './objects.repository.ts';
import { getFolder, objectName, placeObject } from './place-object.ts';
import { journalEntry, recordChange } from './record-change.ts';

/** Copies an object: the same content under a new id, owned by the caller, with what its folder lets it inherit. */
export function createCopyObject(context: ObjectContext) {
  const { platform, access, views } = context;
  return async (request: ObjectRequest, body: CopyObject): Promise<ObjectDetail> => {
    const { user } = request.caller;
    const copy = await editObjects(context, [request], async (tx) => {
      const original = await getObject(tx, request);
      const accessor = accessorOf(request.caller, original.scope);
      await access.require(tx, accessor, { object: original, right: RIGHTS.read });
      refuseUncopyable(original);
      const folderId = body.folderId ?? original.parent_id ?? undefined;
      const object = await copyOf(tx, original, {
        id: platform.ids.objectId(),
        version: platform.ids.objectId(),
        date: wireDateOfSecond(platform.clock.now()),
        ownerId: user.id,
        folderId,
        name: body.name,
      });
      const record = toObjectRecord(object);
      await placeObject(context, tx, { object: record.row, before: null, folderId, accessor });
      await requireOpenObjects(tx, request.caller, [record.row]);
      await objectWriter(tx).put(record);
      await recordChange(tx, {
        kind: 'copy',
        user: { id: user.id, name: user.name },
        date: object.dateCreated,
        entries: journalEntry('create', null, record.row),
      });
      return record.row;
    });
    return views.detail(platform.metadata.reader, accessorOf(request.caller, copy.scope), copy);
  };
}

function refuseUncopyable(original: ObjectTable): void {
  const reason = isSystemObject(original)
    ? 'it is a system object'
    : original.type === USER_TYPE
      ? 'users and groups are created under /api/users and /api/usergroups'
      : original.type === FOLDER_TYPE
        ? 'folders are not copied; create a folder and copy the objects'
        : undefined;
  if (reason === undefined) return;
  throw new AppError('invalid', `'${original.name}' (${original.id}) cannot be copied: ${reason}.`);
}

interface CopyFacts {
  readonly id: string;
  readonly version: string;
  readonly date: string;
  readonly ownerId: string;
  readonly folderId: string | undefined;
  readonly name: string | undefined;
}

async function copyOf(tx: Executor<MetadataTables>, original: ObjectTable, facts: CopyFacts): Promise<MetadataObject> {
  const body = await objectReader(tx).findBody(original);
  if (body === undefined) throw new AppError('internal', `The definition of '${original.name}' is missing.`);
  const folder = facts.folderId === undefined ? null : await getFolder(tx, original.scope, facts.folderId);
  const folderAcl = folder === null ? undefined : await objectReader(tx).findAcl(folder.acl_id);
  const object = toMetadataObject(original, body, '[]');
  return {
    ...object,
    id: facts.id,
    name: facts.name === undefined ? await freeName(tx, original, folder?.id ?? null) : objectName(facts.name),
    parentId: folder?.id ?? null,
    ownerId: facts.ownerId,
    version: facts.version,
    dateCreated: facts.date,
    dateModified: facts.date,
    acl: inheritedAcl(JSON.parse(folderAcl?.entries ?? '[]') as AclEntry[], facts.ownerId, false),
    definition: renamedDefinition(body.definition, original.id, facts.id),
  };
}

/** A definition names its own object; left as it is, the copy would depend on the original. */
function renamedDefinition(definition: string, from: string, to: string): JsonObject {
  return JSON.parse(definition.replaceAll(`"${from}"`, `"${to}"`)) as JsonObject;
}

/** "Name (1)", or the next number that is free in the folder (spec/api.md 2.4). */
async function freeName(tx: Executor<MetadataTables>, original: ObjectTable, folderId: string | null): Promise<string> {
  const names = await folderTree(tx).listSiblingNames(original.scope, folderId, original.type);
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = `${original.name} (${number})`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
