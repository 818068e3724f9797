import { AppError } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, SchemaLockTable } from '../../platform/db/metadata-schema.ts';
import { schemaLocks } from './schema-locks.repository.ts';

/**
 * The lock that keeps someone from changing schema objects of a project by other means than a changeset: an import,
 * an undo, a change of a single object (spec/api.md 2.12). Undefined when nothing stands in the way.
 *
 * Locks of sessions that have ended are still here until `EndedSessions.release` has been called; call it before a
 * unit of work that asks, since the sessions lie in another database.
 * @param sessionOrUser id of the session, or where that is not known of the user, for whom the lock is not foreign
 */
export async function findForeignSchemaLock(
  db: Executor<MetadataTables>,
  projectId: string,
  sessionOrUser: string,
): Promise<SchemaLockTable | undefined> {
  const lock = await schemaLocks(db).find(projectId);
  if (lock === undefined || lock.session_id === sessionOrUser || lock.owner_id === sessionOrUser) return undefined;
  return lock;
}

/** What a lock is, whose it is, and how it goes away. */
export function describeSchemaLock(lock: SchemaLockTable): string {
  const release =
    lock.changeset_id === null
      ? 'Unlock it with DELETE /api/model/schema/lock'
      : `Wait until the changeset ${lock.changeset_id} has been committed and deleted`;
  return `The schema of the project with id ${lock.project_id} is locked (${lock.lock_type}) by '${lock.owner_name}' since ${lock.date}. ${release}, then try again.`;
}

/** Who is about to change schema objects. */
export interface SchemaEditor {
  readonly projectId: string;
  /** Null for a change outside of changesets. */
  readonly changeset: { readonly id: string; readonly schemaEdit: boolean } | null;
}

/**
 * @throws AppError `busy` when the schema is locked by anything but the changeset itself, or when the changeset has
 * lost its lock; `invalid` in a changeset that was not opened for the schema
 */
export async function requireOpenSchema(db: Executor<MetadataTables>, editor: SchemaEditor): Promise<void> {
  const { changeset } = editor;
  if (changeset && !changeset.schemaEdit) {
    throw new AppError(
      'invalid',
      `The changeset ${changeset.id} is not for schema objects. Open one with POST /api/model/changesets?schemaEdit=true.`,
    );
  }
  const lock = await schemaLocks(db).find(editor.projectId);
  if (lock !== undefined && (changeset === null || lock.changeset_id !== changeset.id)) {
    throw new AppError('busy', describeSchemaLock(lock));
  }
  if (lock === undefined && changeset !== null) {
    throw new AppError(
      'busy',
      `The changeset ${changeset.id} no longer holds the lock of its schema: somebody has unlocked it. Delete the changeset and start again.`,
    );
  }
}
