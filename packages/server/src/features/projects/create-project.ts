import { AppError } from '@longshore/contracts/errors';
import { PREDEFINED_FOLDERS, predefinedFolderObject, type PredefinedFolder } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ProjectTable } from '../../platform/db/metadata-schema.ts';
import { toObjectRecord, type ObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { projectRepository } from './projects.repository.ts';

export interface NewProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  /** Wire date. */
  readonly date: string;
}

/**
 * Creates a project with its predefined folders, within a unit of work. Folders that are there already stay as they
 * are.
 * @throws AppError `conflict` when another project has the name
 */
export async function createProject(tx: Executor<MetadataTables>, project: NewProject): Promise<void> {
  await refuseTakenName(tx, project);
  const row: ProjectTable = {
    id: project.id,
    name: project.name,
    alias: '',
    description: project.description,
    owner_id: project.ownerId,
    date_created: project.date,
    date_modified: project.date,
  };
  await projectRepository(tx).insert(row);
  await createPredefinedFolders(tx, 'project', { projectId: project.id, projectName: project.name });
}

/** @throws AppError `conflict` when another project has the name, in any letter case */
export async function refuseTakenName(
  tx: Executor<MetadataTables>,
  project: { readonly id: string; readonly name: string },
): Promise<void> {
  const namesake = await projectRepository(tx).findByName(project.name);
  if (namesake === undefined || namesake.id === project.id) return;
  throw new AppError(
    'conflict',
    `A project named '${namesake.name}' (${namesake.id}) exists already. Choose another name.`,
  );
}

/** Where predefined folders belong. */
export interface FolderPlace {
  readonly projectId: string | null;
  readonly projectName: string;
}

/** Creates the predefined folders that are missing. @returns how many were */
export async function createPredefinedFolders(
  tx: Executor<MetadataTables>,
  level: PredefinedFolder['level'],
  place: FolderPlace,
): Promise<number> {
  const missing = await missingPredefinedFolders(tx, level, place);
  for (const record of missing) await objectWriter(tx).put(record);
  return missing.length;
}

/** The predefined folders that are not there. */
export async function missingPredefinedFolders(
  db: Executor<MetadataTables>,
  level: PredefinedFolder['level'],
  place: FolderPlace,
): Promise<ObjectRecord[]> {
  const missing: ObjectRecord[] = [];
  for (const folder of PREDEFINED_FOLDERS) {
    if (folder.level !== level) continue;
    const record = toObjectRecord(predefinedFolderObject(folder, place.projectId, place.projectName));
    if ((await objectReader(db).findRow(record.row)) === undefined) missing.push(record);
  }
  return missing;
}
