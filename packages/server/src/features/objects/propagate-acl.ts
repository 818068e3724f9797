import { AppError, PROPAGATION_BEHAVIORS } from '@longshore/contracts';
import { FOLDER_TYPE, inheritedAcl, RIGHTS, type AclEntry } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { internAcl } from '../../platform/hash.ts';
import type { JournalEntry } from '../journal/journal.repository.ts';
import { applyAclChanges, inheritedChanges, type AclChange } from './acl-operations.ts';
import { aclRepository } from './acls.repository.ts';
import { folderTree } from './folder-tree.repository.ts';
import type { ObjectContext } from './get-object.service.ts';
import type { Accessor } from './object-access.service.ts';
import { objectWriter } from './object-writer.repository.ts';
import { objectReader } from './objects.repository.ts';
import { journalEntry } from './record-change.ts';

export type PropagationBehavior = (typeof PROPAGATION_BEHAVIORS)[number];

/** @throws AppError `invalid` for a behaviour that does not exist */
export function parsePropagation(behavior = 'overwrite_recursive'): PropagationBehavior {
  const known = PROPAGATION_BEHAVIORS.find((name) => name === behavior.toLowerCase());
  if (known !== undefined) return known;
  const names = PROPAGATION_BEHAVIORS.join(', ');
  throw new AppError('invalid', `Invalid value: propagationBehavior must be one of ${names}.`);
}

export interface Propagation {
  /** The folder as it is written by this unit of work. */
  readonly folder: ObjectTable;
  readonly changes: readonly AclChange[];
  readonly behavior: PropagationBehavior;
  readonly date: string;
  readonly accessor: Accessor;
}

/**
 * Hands the inheritable part of a folder's access control list down to what lies in it (spec/semantics.md 1.4):
 * `overwrite` gives the list that a new object would inherit, `precise` makes the same changes. Every object needs the
 * right to control it; one that lacks it refuses the whole change.
 */
export async function propagateAcl(
  { access, platform }: ObjectContext,
  tx: Executor<MetadataTables>,
  { folder, changes, behavior, date, accessor }: Propagation,
): Promise<JournalEntry[]> {
  if (folder.type !== FOLDER_TYPE) {
    throw new AppError('invalid', `'${folder.name}' (${folder.id}) is not a folder: leave propagateACLToChildren out.`);
  }
  const tree = folderTree(tx);
  const objects = behavior.endsWith('_recursive')
    ? await tree.listDescendants(folder)
    : await tree.listChildren(folder);
  const folderAcl = await readAcl(tx, folder.acl_id);
  const entries: JournalEntry[] = [];
  for (const object of objects) {
    await access.require(tx, accessor, { object, right: RIGHTS.control });
    const isFolder = object.type === FOLDER_TYPE;
    const acl = internAcl(
      behavior.startsWith('overwrite')
        ? inheritedAcl(folderAcl, object.owner_id, isFolder)
        : applyAclChanges(await readAcl(tx, object.acl_id), inheritedChanges(changes, isFolder)),
    );
    if (acl.id === object.acl_id) continue;
    await aclRepository(tx).intern(acl);
    const after = { ...object, acl_id: acl.id, version: platform.ids.objectId(), date_modified: date };
    await objectWriter(tx).putRow(after);
    entries.push(...journalEntry('update', object, after));
  }
  return entries;
}

async function readAcl(tx: Executor<MetadataTables>, aclId: string): Promise<AclEntry[]> {
  const stored = await objectReader(tx).findAcl(aclId);
  return JSON.parse(stored?.entries ?? '[]') as AclEntry[];
}
