import type { Static } from 'typebox';
import type { SchemaStateSchema } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import type { ProjectsService } from '../projects/projects.service.ts';
import { schemaRepository, type TableRow } from './schema.repository.ts';

export type SchemaState = Static<typeof SchemaStateSchema>;

/** Shows the state of a project's schema, as far as the caller may browse its tables. */
export function createGetSchema({ platform, access }: ObjectContext, projects: ProjectsService) {
  return async (caller: Caller, projectId: string): Promise<SchemaState> => {
    const { id } = await projects.get(caller, projectId);
    const repository = schemaRepository(platform.metadata.reader);
    const state = await repository.findState(id);
    const tables = await repository.listTables(id, await access.browsable(accessorOf(caller, id)));
    return {
      projectId: id,
      // A schema that was never updated has its first version.
      schemaVersion: state?.schema_version ?? 1,
      ...(state === undefined ? {} : { reloadedAt: state.reloaded_at }),
      tables: tables.map(toTable),
    };
  };
}

function toTable({ id, name, logical_size: logicalSize, table_key: key }: TableRow): SchemaState['tables'][number] {
  return {
    id,
    name,
    ...(logicalSize === null ? {} : { logicalSize }),
    ...(key === null ? {} : { key: JSON.parse(key) as string[] }),
  };
}
