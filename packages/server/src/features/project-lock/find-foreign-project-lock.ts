import { AppError } from '@longshore/contracts';
import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ProjectLockTable } from '../../platform/db/metadata-schema.ts';
import { projectLocks } from './project-locks.repository.ts';

/**
 * The lock that keeps a session from changing the objects of a scope: a constituent one of another session, or a
 * permanent constituent one of anybody. Individual locks cover the project's own settings only. As with schema locks,
 * `EndedSessions.release` comes first.
 * @param scope project id, or CONFIGURATION_SCOPE
 * @param sessionOrUser id of the session, or where that is not known of the user, for whom a temporal lock is not foreign
 */
export async function findForeignProjectLock(
  db: Executor<MetadataTables>,
  scope: string,
  sessionOrUser: string,
): Promise<ProjectLockTable | undefined> {
  const lock = await projectLocks(db).find(scope);
  if (lock === undefined || !lock.lock_type.endsWith('_constituent')) return undefined;
  if (lock.lock_type.startsWith('permanent_')) return lock;
  return lock.session_id === sessionOrUser || lock.owner_id === sessionOrUser ? undefined : lock;
}

/** What a lock is, whose it is, and how it goes away. */
export function describeProjectLock(lock: ProjectLockTable): string {
  const isConfiguration = lock.scope === CONFIGURATION_SCOPE;
  const what = isConfiguration ? 'The configuration' : `The project with id ${lock.scope}`;
  const path = isConfiguration ? '/api/iserver/lock' : `/api/projects/${lock.scope}/lock`;
  return `${what} is locked (${lock.lock_type}) by '${lock.owner_name}' since ${lock.date}. Unlock it with DELETE ${path}, then try again.`;
}

/** @throws AppError `busy` when such a lock is there */
export async function requireOpenProject(
  db: Executor<MetadataTables>,
  scope: string,
  sessionOrUser: string,
): Promise<void> {
  const lock = await findForeignProjectLock(db, scope, sessionOrUser);
  if (lock !== undefined) throw new AppError('busy', describeProjectLock(lock));
}
