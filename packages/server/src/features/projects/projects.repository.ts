import { sql } from 'kysely';
import { WELL_KNOWN } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ProjectTable } from '../../platform/db/metadata-schema.ts';

/** A project with the access control list of its root folder, which is that of the project. */
export interface ProjectRow extends ProjectTable {
  readonly acl_id: string | null;
}

export function projectRepository(db: Executor<MetadataTables>) {
  const projects = () =>
    db
      .selectFrom('project as p')
      .leftJoin('object as root', (join) =>
        join.onRef('root.scope', '=', 'p.id').on('root.id', '=', WELL_KNOWN.projectRoot),
      )
      .selectAll('p')
      .select('root.acl_id');
  return {
    find: (id: string): Promise<ProjectRow | undefined> => projects().where('p.id', '=', id).executeTakeFirst(),

    /** Names are compared without letter case. */
    findByName: (name: string): Promise<ProjectRow | undefined> =>
      projects()
        .where(sql<boolean>`p.name = ${name} COLLATE NOCASE`)
        .orderBy('p.id')
        .executeTakeFirst(),

    list: (): Promise<ProjectRow[]> => projects().orderBy('p.name').orderBy('p.id').execute(),

    async insert(row: ProjectTable): Promise<void> {
      await db.insertInto('project').values(row).execute();
    },

    async update(id: string, change: Partial<ProjectTable>): Promise<void> {
      await db.updateTable('project').set(change).where('id', '=', id).execute();
    },
  };
}
