import { AppError, type ObjectDetail, type UpdateObject } from '@longshore/contracts';
import {
  canonicalJson,
  CONFIGURATION_SCOPE,
  isPredefinedFolder,
  isUser,
  parseObjectId,
  RIGHTS,
  USER_TYPE,
  type AclEntry,
  type JsonObject,
} from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectBodyTable, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { internAcl } from '../../platform/hash.ts';
import { aclRepository } from './acls.repository.ts';
import { applyAclChanges, parseAclOperations, type AclChange } from './acl-operations.ts';
import { editObjects, requireOpenObjects } from './edit-objects.ts';
import { getObject, type ObjectRequest } from './find-object.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf, type Accessor } from './object-access.service.ts';
import { toMetadataObject, toObjectRecord } from './object-rows.ts';
import { objectWriter } from './object-writer.repository.ts';
import { objectReader } from './objects.repository.ts';
import { objectName, placeObject } from './place-object.ts';
import { parsePropagation, propagateAcl } from './propagate-acl.ts';
import { journalEntry, recordChange } from './record-change.ts';

/** Changes properties, place, owner and access control list of one object, in one unit of work. */
export function createUpdateObject(context: ObjectContext) {
  const { platform, views } = context;
  return async (request: ObjectRequest, body: UpdateObject): Promise<ObjectDetail> => {
    // Lists that are handed down are added one after another.
    const edited = body.propagateACLToChildren === true ? 'everything' : [request];
    const after = await editObjects(context, edited, (tx) => updateObject(context, tx, request, body));
    return views.detail(platform.metadata.reader, accessorOf(request.caller, after.scope), after);
  };
}

/** The same as a part of a larger unit of work. @returns the object as it was written */
export async function updateObject(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  request: ObjectRequest,
  body: UpdateObject,
): Promise<ObjectTable> {
  const changes = parseAclOperations(body.acl ?? []);
  const before = await getObject(tx, request);
  const subject = { before, accessor: accessorOf(request.caller, before.scope) };
  return new ObjectUpdate(context, tx, subject).run(body, changes, request.caller);
}

interface UpdateSubject {
  readonly before: ObjectTable;
  readonly accessor: Accessor;
}

class ObjectUpdate {
  readonly #context: ObjectContext;
  readonly #tx: Executor<MetadataTables>;
  readonly #before: ObjectTable;
  readonly #accessor: Accessor;

  constructor(context: ObjectContext, tx: Executor<MetadataTables>, subject: UpdateSubject) {
    this.#context = context;
    this.#tx = tx;
    this.#before = subject.before;
    this.#accessor = subject.accessor;
  }

  async run(body: UpdateObject, aclChanges: readonly AclChange[], caller: Caller): Promise<ObjectTable> {
    await this.#checkRights(body);
    const date = wireDateOfSecond(this.#context.platform.clock.now());
    const changed = await this.#changedRow(body, aclChanges);
    const definition = await this.#changedDefinition(body);
    const isChanged = definition !== undefined || !isSameRow(changed, this.#before);
    const version = this.#context.platform.ids.objectId();
    let after = isChanged ? { ...changed, version, date_modified: date } : this.#before;
    if (isChanged) after = await this.#write(after, definition);
    let entries = isChanged ? journalEntry(changeOf(this.#before, after), this.#before, after) : [];
    if (body.propagateACLToChildren === true) {
      const behavior = parsePropagation(body.propagationBehavior);
      const propagation = { folder: after, changes: aclChanges, behavior, date, accessor: this.#accessor };
      entries = [...entries, ...(await propagateAcl(this.#context, this.#tx, propagation))];
    }
    if (entries.length > 0) {
      const comment = body.changeJournal?.userComments;
      await requireOpenObjects(this.#tx, caller, entries);
      await recordChange(this.#tx, {
        kind: 'update',
        user: { id: caller.user.id, name: caller.user.name },
        date,
        ...(comment === undefined ? {} : { comment }),
        entries,
      });
    }
    return after;
  }

  /** Write for properties and place, control for the access control list and the owner (spec/api.md 2.4). */
  async #checkRights(body: UpdateObject): Promise<void> {
    const { acl, ownerId, propagateACLToChildren, ...properties } = body;
    const object = this.#before;
    const isControl = acl !== undefined || ownerId !== undefined || propagateACLToChildren === true;
    const require = (right: typeof RIGHTS.write | typeof RIGHTS.control): Promise<void> =>
      this.#context.access.require(this.#tx, this.#accessor, { object, right });
    if (isControl) await require(RIGHTS.control);
    if (!isControl || Object.keys(properties).some((name) => PROPERTIES.has(name))) await require(RIGHTS.write);
    refuseForeignProperties(object, body);
  }

  async #changedRow(body: UpdateObject, aclChanges: readonly AclChange[]): Promise<ObjectTable> {
    const before = this.#before;
    const named: ObjectTable = {
      ...before,
      name: body.name === undefined ? before.name : objectName(body.name),
      description: body.description ?? before.description,
      abbreviation: body.abbreviation ?? before.abbreviation,
      hidden: body.hidden === undefined ? before.hidden : Number(body.hidden),
      owner_id: body.ownerId === undefined ? before.owner_id : await this.#getOwner(body.ownerId),
      acl_id: aclChanges.length === 0 ? before.acl_id : await this.#changeAcl(aclChanges),
    };
    return placeObject(this.#context, this.#tx, {
      object: named,
      before,
      folderId: body.folderId,
      accessor: this.#accessor,
    });
  }

  async #getOwner(ownerId: string): Promise<string> {
    const id = parseObjectId(ownerId);
    const owner = id && (await objectReader(this.#tx).findRow({ scope: CONFIGURATION_SCOPE, id }));
    if (owner && isUser(owner)) return owner.id;
    throw new AppError('invalid', `Invalid value: ownerId ${ownerId} is not the id of a user.`);
  }

  async #changeAcl(changes: readonly AclChange[]): Promise<string> {
    const trustees = [...new Set(changes.map((change) => change.entry.trusteeId))];
    const known = await objectReader(this.#tx).loadPrincipals(trustees);
    const added = changes.filter((change) => change.op !== 'REMOVE');
    const unknown = added.find((change) => !known.has(change.entry.trusteeId));
    if (unknown) {
      const id = unknown.entry.trusteeId;
      throw new AppError('invalid', `Invalid value: acl.trustee ${id} is not the id of a user or group.`);
    }
    const stored = await objectReader(this.#tx).findAcl(this.#before.acl_id);
    const existing = JSON.parse(stored?.entries ?? '[]') as AclEntry[];
    const acl = internAcl(applyAclChanges(existing, changes));
    await aclRepository(this.#tx).intern(acl);
    return acl.id;
  }

  /** The definition with another long description; undefined when it stays as it is. */
  async #changedDefinition(body: UpdateObject): Promise<ObjectBodyTable | undefined> {
    const comments = body.comments ?? body.longDescription;
    const stored = comments === undefined ? undefined : await objectReader(this.#tx).findBody(this.#before);
    if (comments === undefined || stored === undefined) return undefined;
    const { comments: _previous, ...rest } = JSON.parse(stored.definition) as JsonObject;
    const definition = canonicalJson(comments === '' ? rest : { ...rest, comments });
    return definition === stored.definition ? undefined : { ...stored, definition };
  }

  async #write(row: ObjectTable, body: ObjectBodyTable | undefined): Promise<ObjectTable> {
    if (body === undefined) {
      await objectWriter(this.#tx).putRow(row);
      return row;
    }
    const acl = await objectReader(this.#tx).findAcl(row.acl_id);
    const record = toObjectRecord(toMetadataObject(row, body, acl?.entries ?? '[]'));
    await objectWriter(this.#tx).put(record);
    return record.row;
  }
}

const PROPERTIES: ReadonlySet<string> = new Set([
  'name',
  'description',
  'abbreviation',
  'comments',
  'longDescription',
  'folderId',
  'hidden',
]);

/** Users and groups carry their login in these columns; their own endpoints keep both sides in step. */
function refuseForeignProperties(object: ObjectTable, body: UpdateObject): void {
  if (object.type === USER_TYPE && (body.name !== undefined || body.abbreviation !== undefined)) {
    throw new AppError(
      'invalid',
      `'${object.name}' (${object.id}) is a user or group: change its name with PATCH /api/users or /api/usergroups.`,
    );
  }
  if (body.folderId !== undefined && isPredefinedFolder(object.id)) {
    throw new AppError('invalid', `'${object.name}' (${object.id}) is a predefined folder and cannot be moved.`);
  }
}

const changeOf = (before: ObjectTable, after: ObjectTable): 'move' | 'update' =>
  before.parent_id === after.parent_id ? 'update' : 'move';

const isSameRow = (a: ObjectTable, b: ObjectTable): boolean =>
  (Object.keys(a) as (keyof ObjectTable)[]).every((column) => a[column] === b[column]);
