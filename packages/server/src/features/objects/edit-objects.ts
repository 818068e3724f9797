import { isSchemaType, projectOf } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { requireOpenProject } from '../project-lock/find-foreign-project-lock.ts';
import { requireOpenSchema } from '../schema-lock/find-foreign-schema-lock.ts';
import type { ObjectContext } from './get-object.service.ts';

/** A unit of work that changes objects on behalf of a caller. Locks of sessions that have ended do not hold it up. */
export async function editObjects<Result>(
  { platform, ended }: ObjectContext,
  work: (tx: Executor<MetadataTables>) => Promise<Result>,
): Promise<Result> {
  await ended.release();
  return platform.metadata.write(work);
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
