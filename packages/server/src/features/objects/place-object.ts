import { AppError } from '@longshore/contracts';
import { FOLDER_TYPE, parseObjectId, RIGHTS } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { folderTree } from './folder-tree.repository.ts';
import type { ObjectContext } from './get-object.service.ts';
import type { Accessor } from './object-access.service.ts';
import { objectReader } from './objects.repository.ts';

/** An object that is about to be written, and the folder that was asked for. */
export interface Placement {
  readonly object: ObjectTable;
  /** The object as it is stored; null when it is new. */
  readonly before: ObjectTable | null;
  readonly folderId: string | undefined;
  readonly accessor: Accessor;
}

/**
 * The object in its folder, after checking that the accessor may write there, that a folder does not come to lie in
 * itself, and that nothing else of its type has its name there.
 */
export async function placeObject(
  { access }: ObjectContext,
  tx: Executor<MetadataTables>,
  { object, before, folderId, accessor }: Placement,
): Promise<ObjectTable> {
  let placed = object;
  if (folderId !== undefined && folderId.toUpperCase() !== before?.parent_id) {
    const folder = await getFolder(tx, object.scope, folderId);
    await access.require(tx, accessor, { object: folder, right: RIGHTS.write });
    if (object.type === FOLDER_TYPE) await refuseCircle(tx, object, folder);
    placed = { ...object, parent_id: folder.id };
  }
  const isRenamed = placed.name.toLowerCase() !== before?.name.toLowerCase();
  if (isRenamed || placed.parent_id !== before?.parent_id) await refuseNamesake(tx, placed);
  return placed;
}

/** A name as it is stored. @throws AppError `invalid` when nothing of it is left */
export function objectName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new AppError('invalid', 'Invalid value: name must not be empty.');
  return trimmed;
}

/** @throws AppError `invalid` when there is no such folder in the scope */
export async function getFolder(tx: Executor<MetadataTables>, scope: string, folderId: string): Promise<ObjectTable> {
  const id = parseObjectId(folderId);
  const folder = id && (await objectReader(tx).findRow({ scope, id }));
  if (folder && folder.type === FOLDER_TYPE) return folder;
  throw new AppError('invalid', `Invalid value: there is no folder with id ${folderId} where the object lives.`);
}

async function refuseCircle(tx: Executor<MetadataTables>, object: ObjectTable, folder: ObjectTable): Promise<void> {
  const above = await folderTree(tx).listAncestors(folder);
  if (folder.id !== object.id && !above.some((ancestor) => ancestor.id === object.id)) return;
  throw new AppError('invalid', `The folder '${object.name}' (${object.id}) cannot be moved into itself.`);
}

async function refuseNamesake(tx: Executor<MetadataTables>, object: ObjectTable): Promise<void> {
  const namesake = await folderTree(tx).findNamesake(object);
  if (namesake === undefined) return;
  throw new AppError(
    'conflict',
    `An object named '${namesake.name}' (${namesake.id}) of the same type is in this folder already. Choose another name or folder.`,
  );
}
