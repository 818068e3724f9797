import { AppError } from '@longshore/contracts';
import { projectOf } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { requireOpenProject } from '../../project-lock/find-foreign-project-lock.ts';
import { describeSchemaLock, findForeignSchemaLock } from '../../schema-lock/find-foreign-schema-lock.ts';

export interface Touched {
  readonly scope: string;
  /** The importing user: its own locks do not stand in its way. */
  readonly userId: string;
  readonly schemaObjects: 'changed' | 'untouched';
}

/**
 * Nobody changes what somebody else has locked, and an import is no exception (spec/api.md 2.12). To be asked with the
 * write lock held, so that no lock can be taken between the question and the commit.
 * @throws AppError naming the lock, its owner, and how it goes away
 */
export async function requireUnlocked(tx: Executor<MetadataTables>, touched: Touched): Promise<void> {
  await requireOpenProject(tx, touched.scope, touched.userId);
  const projectId = projectOf(touched.scope);
  if (projectId === null || touched.schemaObjects === 'untouched') return;
  const lock = await findForeignSchemaLock(tx, projectId, touched.userId);
  if (lock) throw new AppError('busy', describeSchemaLock(lock));
}
