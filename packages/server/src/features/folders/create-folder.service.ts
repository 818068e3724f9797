import type { CreateFolder, ObjectSummary } from '@longshore/contracts';
import { defaultSubtype, FOLDER_TYPE, inheritedAcl, projectOf, RIGHTS, type AclEntry } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { editObjects, requireOpenObjects } from '../objects/edit-objects.ts';
import { getObject } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { toObjectRecord, type ObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { objectName, placeObject } from '../objects/place-object.ts';
import { journalEntry, recordChange } from '../objects/record-change.ts';
import type { FolderRequest } from './folders.service.ts';

/** Creates a folder that inherits from its parent; the caller must be allowed to write there. */
export async function createFolder(
  context: ObjectContext,
  { caller, projectId }: FolderRequest,
  body: CreateFolder,
): Promise<ObjectSummary> {
  const { platform, access, views } = context;
  const address = { id: body.parent, type: FOLDER_TYPE, projectId };
  const folder = await editObjects(context, [address], async (tx) => {
    const parent = await getObject(tx, address);
    const accessor = accessorOf(caller, parent.scope);
    await access.require(tx, accessor, { object: parent, right: RIGHTS.write });
    const record = await newFolder(context, tx, { parent, body, ownerId: caller.user.id });
    await placeObject(context, tx, { object: record.row, before: null, folderId: parent.id, accessor });
    await requireOpenObjects(tx, caller, [record.row]);
    await objectWriter(tx).put(record);
    await recordChange(tx, {
      kind: 'create',
      user: { id: caller.user.id, name: caller.user.name },
      date: record.row.date_created,
      entries: journalEntry('create', null, record.row),
    });
    return record.row;
  });
  const [summary] = await views.summaries(platform.metadata.reader, accessorOf(caller, folder.scope), [folder]);
  return summary as ObjectSummary;
}

async function newFolder(
  { platform }: ObjectContext,
  tx: Executor<MetadataTables>,
  facts: { readonly parent: ObjectTable; readonly body: CreateFolder; readonly ownerId: string },
): Promise<ObjectRecord> {
  const { parent, body, ownerId } = facts;
  const date = wireDateOfSecond(platform.clock.now());
  const parentAcl = await objectReader(tx).findAcl(parent.acl_id);
  return toObjectRecord({
    projectId: projectOf(parent.scope),
    id: platform.ids.objectId(),
    type: FOLDER_TYPE,
    subtype: defaultSubtype(FOLDER_TYPE),
    name: objectName(body.name),
    description: body.description ?? '',
    abbreviation: '',
    parentId: parent.id,
    ownerId,
    version: platform.ids.objectId(),
    dateCreated: date,
    dateModified: date,
    hidden: false,
    acl: inheritedAcl(JSON.parse(parentAcl?.entries ?? '[]') as AclEntry[], ownerId, true),
    definition: {},
    uses: [],
    translations: {},
  });
}
