import { AppError } from '@longshore/contracts';
import { findObjectType, FOLDER_TYPE, referencesOf, RIGHTS } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Accessor, ObjectAccess } from '../objects/object-access.service.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { findReferencePath } from './model-definition.ts';
import { nameKey, type ModeledObject, type ModelStore } from './model-store.ts';

/** One object before and after; `before` is null when it is new, `after` when it is deleted. */
export interface ModelChange {
  readonly before: ModeledObject | null;
  readonly after: ModeledObject | null;
}

export interface ModelCheck {
  readonly access: ObjectAccess;
  readonly accessor: Accessor;
  readonly store: ModelStore;
}

/**
 * Checks a change over the state that it leaves, as a changeset is checked when it is committed: the right to change
 * the object and to put it where it is now, its folder, its name, and everything that it has begun to refer to.
 * What an object referred to before is not asked about again, so that one with a broken reference can be mended.
 */
export async function checkModelChange(
  tx: Executor<MetadataTables>,
  check: ModelCheck,
  change: ModelChange,
): Promise<void> {
  const { before, after } = change;
  const right = after === null ? RIGHTS.delete : RIGHTS.write;
  if (before) await check.access.require(tx, check.accessor, { object: before.row, right });
  if (after === null) return;
  const isMoved = before === null || before.row.parent_id !== after.row.parent_id;
  if (isMoved) await checkFolder(tx, check, after);
  if (isMoved || nameKey(before.row.name) !== nameKey(after.row.name)) await checkName(check.store, after);
  await checkReferences(check.store, before, after);
}

async function checkFolder(
  tx: Executor<MetadataTables>,
  { access, accessor, store }: ModelCheck,
  { row }: ModeledObject,
): Promise<void> {
  const id = row.parent_id ?? '';
  const folder = await objectReader(tx).findRow({ scope: store.projectId, id });
  if (folder?.type !== FOLDER_TYPE) {
    const what = folder === undefined ? 'there is no such object in the project' : `'${folder.name}' is no folder`;
    throw new AppError('invalid', `Invalid value: information.destinationFolderId ${id}: ${what}.`);
  }
  await access.require(tx, accessor, { object: folder, right: RIGHTS.write });
}

async function checkName(store: ModelStore, { row }: ModeledObject): Promise<void> {
  const namesake = await store.findNamesake(row);
  if (namesake === undefined) return;
  throw new AppError(
    'nameTaken',
    `Invalid value: information.name: an object named '${namesake.name}' (${namesake.id}) of the same type is in this folder already. Choose another name or folder.`,
  );
}

async function checkReferences(store: ModelStore, before: ModeledObject | null, after: ModeledObject): Promise<void> {
  const known = new Set(before === null ? [] : referencesOf(before.object).map((reference) => reference.id));
  const added = referencesOf(after.object).filter(({ id }) => !known.has(id));
  if (added.length === 0) return;
  const types = await store.loadTypes(added.map((reference) => reference.id));
  for (const { id, type } of added) {
    const existing = types.get(id);
    if (existing !== undefined && (type === null || type === existing)) continue;
    const path = findReferencePath(after.object.definition, id) ?? 'objectId';
    const what =
      existing === undefined || type === null
        ? 'there is no such object in the project or the configuration'
        : `the object is a ${typeName(existing)}, not a ${typeName(type)}`;
    throw new AppError('invalid', `Invalid value: ${path} ${id}: ${what}.`);
  }
}

const typeName = (type: number): string => findObjectType(type)?.name ?? `type ${type}`;
