import { SchemaQuerySchema, SchemaStateSchema } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { callerOf, type Routes } from '../../platform/http/app.ts';
import type { SchemaState } from './schema.service.ts';

/** `/api/longshore/schema`. */
export function schemaRoutes(getSchema: (caller: Caller, projectId: string) => Promise<SchemaState>): Routes {
  return (app) => {
    app.get(
      '/longshore/schema',
      {
        config: { access: { kind: 'session' } },
        schema: {
          tags: ['Schema'],
          operationId: 'getSchemaState',
          summary: "Get the version of a project's schema, and the sizes and keys of its tables",
          querystring: SchemaQuerySchema,
          response: { 200: SchemaStateSchema },
        },
      },
      (request) => getSchema(callerOf(request), request.query.projectId),
    );
  };
}
