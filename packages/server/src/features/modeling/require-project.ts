import { AppError } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { objectReader } from '../objects/objects.repository.ts';

/** @returns the project's name. @throws AppError `notFound` when there is no such project */
export async function requireExistingProject(db: Executor<MetadataTables>, projectId: string): Promise<string> {
  const name = await objectReader(db).findProjectName(projectId);
  if (name !== undefined) return name;
  throw new AppError('notFound', `There is no project with the id ${projectId}.`);
}
