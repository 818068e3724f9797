import { AppError } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, isSchemaType, projectOf } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { requireOpenProject } from '../project-lock/find-foreign-project-lock.ts';
import { requireOpenSchema } from '../schema-lock/find-foreign-schema-lock.ts';
import { findObject, type ObjectAddress } from './find-object.ts';
import type { ObjectContext } from './get-object.service.ts';

/**
 * What a unit of work changes: the objects with these addresses, or what lies in their project. `everything` where it
 * is not known before, or where several new access control lists may be added one after another (ADR 15).
 */
export type EditedObjects = readonly ObjectAddress[] | 'everything';

/**
 * A unit of work that changes objects on behalf of a caller. Nobody else writes to their project meanwhile; other
 * projects are written to at the same time. Locks of sessions that have ended do not hold it up.
 * @throws AppError `busy` when others write to the project for too long
 */
export async function editObjects<Result>(
  { platform, ended }: ObjectContext,
  edited: EditedObjects,
  work: (tx: Executor<MetadataTables>) => Promise<Result>,
): Promise<Result> {
  await ended.release();
  const scope = await scopeOfEdit(platform.metadata.reader, edited);
  const locked = async (tx: Executor<MetadataTables>): Promise<Result> => {
    // An object that went from the project before it was locked may be one of the configuration now.
    if (scope !== undefined && (await scopeOfEdit(tx, edited)) !== scope) throw new AppError('busy', MESSAGE_OVERTAKEN);
    return work(tx);
  };
  return platform.metadata.write(locked, scope);
}

const MESSAGE_OVERTAKEN = 'Somebody else has deleted or created the object at the same moment. Try again.';

/** The project in which all of the objects are; undefined for more than one, and for the configuration. */
async function scopeOfEdit(db: Executor<MetadataTables>, edited: EditedObjects): Promise<string | undefined> {
  if (edited === 'everything') return undefined;
  const scopes = new Set<string>();
  for (const address of edited)
    scopes.add((await findObject(db, address))?.scope ?? address.projectId ?? CONFIGURATION_SCOPE);
  const [scope, ...others] = scopes;
  return others.length > 0 || scope === CONFIGURATION_SCOPE ? undefined : scope;
}

/**
 * Nobody changes what somebody else has locked (spec/api.md 2.12). To be asked within `editObjects`, so that no lock can
 * be taken between the question and the commit.
 * @param objects what the unit of work changes
 * @throws AppError `busy` naming the lock, its owner, and how it goes away
 */
export async function requireOpenObjects(
  tx: Executor<MetadataTables>,
  { sessionId }: Caller,
  objects: readonly { readonly scope: string; readonly type: number }[],
): Promise<void> {
  for (const [scope, members] of Map.groupBy(objects, (object) => object.scope)) {
    await requireOpenProject(tx, scope, sessionId);
    const projectId = projectOf(scope);
    if (projectId === null || !members.some((member) => isSchemaType(member.type))) continue;
    await requireOpenSchema(tx, { projectId, changeset: null });
  }
}
