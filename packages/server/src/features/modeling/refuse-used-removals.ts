import { AppError } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { dependencies } from '../objects/dependencies.repository.ts';
import type { ModelAuthor } from './model-author.ts';

/**
 * Called when everything has been written: what still uses a deleted object then would be left with a broken reference.
 * @throws AppError `invalid` naming one of the users
 */
export async function refuseUsedRemovals(tx: Executor<MetadataTables>, author: ModelAuthor): Promise<void> {
  const removed = author.changes.flatMap(({ before, after }) =>
    after === null && before !== null ? [before.row] : [],
  );
  if (removed.length === 0) return;
  const ids = removed.map((row) => row.id);
  const [user] = await dependencies(tx).listUsers(author.store.projectId, ids, 1);
  if (user === undefined) return;
  const used = removed.find((row) => row.id === user.used_id);
  throw new AppError(
    'invalid',
    `'${used?.name}' (${user.used_id}) cannot be deleted: '${user.name}' (${user.id}) uses it. Take it out there first.`,
    {
      subErrors: [
        {
          message: `'${user.name}' (type ${user.type})`,
          additionalProperties: { objectId: user.id, objectName: user.name },
        },
      ],
    },
  );
}
