import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { ChangesetTable, MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { changesets } from './changesets.repository.ts';

/** An open changeset of the caller's session. @throws AppError `notFound` */
export async function getChangeset(db: Executor<MetadataTables>, caller: Caller, id: string): Promise<ChangesetTable> {
  const parsed = parseObjectId(id);
  const changeset = parsed === undefined ? undefined : await changesets(db).find(parsed);
  if (changeset && changeset.session_id === caller.sessionId) return changeset;
  throw new AppError(
    'notFound',
    `There is no changeset with the id ${id} in this session. Changesets end with their session; open a new one.`,
  );
}
