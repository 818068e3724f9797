import { AppError, type SubError } from '@longshore/contracts';
import { isPredefinedFolder, isSystemObject, RIGHTS, USER_TYPE } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { dependencies, type UserOfObject } from './dependencies.repository.ts';
import { editObjects, requireOpenObjects } from './edit-objects.ts';
import { getObject, type ObjectAddress } from './find-object.ts';
import { folderTree } from './folder-tree.repository.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf, type Accessor } from './object-access.service.ts';
import { objectWriter } from './object-writer.repository.ts';
import { journalEntry, recordChange } from './record-change.ts';

export interface DeleteRequest {
  readonly caller: Caller;
  readonly projectId: string | null;
  readonly objects: readonly { readonly id: string; readonly type: number }[];
  readonly comment?: string | undefined;
}

/** How many users of an object a refusal names. */
const NAMED_USERS = 100;

/**
 * Deletes objects together, or none of them: refused when something else uses one, when a folder is not empty
 * afterwards, and for objects that every environment needs.
 */
export function createDeleteObjects(context: ObjectContext) {
  const { platform, access } = context;
  return (request: DeleteRequest): Promise<void> =>
    editObjects(context, addressesOf(request), async (tx) => {
      const { caller } = request;
      const objects = await getObjects(tx, request);
      for (const object of objects) {
        await access.require(tx, accessorOf(caller, object.scope), { object, right: RIGHTS.delete });
        refuseProtected(object);
      }
      for (const [scope, members] of Map.groupBy(objects, (object) => object.scope)) {
        await refuseFilledFolders(tx, { access, accessor: accessorOf(caller, scope), objects: members });
        const users = await dependencies(tx).listUsers(
          scope,
          members.map((object) => object.id),
          NAMED_USERS + 1,
        );
        const blocking = users.filter((user) => !objects.some((o) => o.scope === user.scope && o.id === user.id));
        if (blocking.length > 0) throw await stillUsed(tx, { access, caller, members, users: blocking });
      }
      await requireOpenObjects(tx, caller, objects);
      for (const object of objects) await objectWriter(tx).remove(object);
      await recordChange(tx, {
        kind: 'delete',
        user: { id: caller.user.id, name: caller.user.name },
        date: wireDateOfSecond(platform.clock.now()),
        ...(request.comment === undefined ? {} : { comment: request.comment }),
        entries: objects.flatMap((object) => journalEntry('delete', object, null)),
      });
    });
}

const addressesOf = ({ objects, projectId }: DeleteRequest): ObjectAddress[] =>
  objects.map(({ id, type }) => ({ id, type, projectId }));

async function getObjects(tx: Executor<MetadataTables>, request: DeleteRequest): Promise<ObjectTable[]> {
  const byKey = new Map<string, ObjectTable>();
  for (const address of addressesOf(request)) {
    const object = await getObject(tx, address);
    byKey.set(`${object.scope} ${object.id}`, object);
  }
  return [...byKey.values()];
}

function refuseProtected(object: ObjectTable): void {
  if (isSystemObject(object) || isPredefinedFolder(object.id)) {
    throw refusal(object, 'it is a system object that every environment needs');
  }
  if (object.type === USER_TYPE)
    throw refusal(object, 'users and groups are deleted under /api/users and /api/usergroups');
}

interface DeletedObjects {
  readonly access: ObjectContext['access'];
  readonly accessor: Accessor;
  readonly objects: readonly ObjectTable[];
}

async function refuseFilledFolders(
  tx: Executor<MetadataTables>,
  { access, accessor, objects }: DeletedObjects,
): Promise<void> {
  const ids = new Set(objects.map((object) => object.id));
  for (const object of objects) {
    const children = await folderTree(tx).listChildren(object);
    const left = children.filter((child) => !ids.has(child.id));
    if (left.length === 0) continue;
    const shown = left.filter(await access.visibility(tx, accessor, left));
    throw refusal(
      object,
      `it holds ${left.length} object(s); move or delete them first`,
      shown.slice(0, NAMED_USERS).map(toSubError),
    );
  }
}

async function stillUsed(
  tx: Executor<MetadataTables>,
  found: {
    readonly access: ObjectContext['access'];
    readonly caller: Caller;
    readonly members: readonly ObjectTable[];
    readonly users: readonly UserOfObject[];
  },
): Promise<AppError> {
  const { access, caller, members, users } = found;
  const visible: UserOfObject[] = [];
  for (const user of users) {
    const rights = await access.masks(tx, accessorOf(caller, user.scope), [user.acl_id]);
    if (((rights.get(user.acl_id) ?? 0) & RIGHTS.browse) !== 0) visible.push(user);
  }
  const object = members.find((member) => member.id === users[0]?.used_id) ?? members[0];
  const count = users.length > NAMED_USERS ? `more than ${NAMED_USERS} objects use` : `${users.length} object(s) use`;
  const first = visible[0];
  const example = first === undefined ? '' : `, among them '${first.name}' (${first.id})`;
  return refusal(
    object as ObjectTable,
    `${count} it${example}. Delete them too, or take it out of them`,
    visible.slice(0, NAMED_USERS).map(toSubError),
  );
}

function toSubError(object: ObjectTable): SubError {
  return {
    message: `'${object.name}' (type ${object.type})`,
    additionalProperties: { objectId: object.id, objectName: object.name },
  };
}

function refusal(object: ObjectTable, reason: string, subErrors: readonly SubError[] = []): AppError {
  return new AppError('invalid', `'${object.name}' (${object.id}) cannot be deleted: ${reason}.`, { subErrors });
}
