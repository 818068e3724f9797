import { Type, type Static } from 'typebox';
import { NamedReferenceSchema } from './objects.ts';

/** Bodies and queries of `/api/projects*` and `/api/monitors*` (spec/api.md 2.3). */

export const ProjectSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  alias: Type.String(),
  description: Type.String(),
  status: Type.Integer({ description: '0: active.' }),
  acg: Type.Integer(),
  dateCreated: Type.String(),
  dateModified: Type.String(),
  owner: NamedReferenceSchema,
});
export type ProjectView = Static<typeof ProjectSchema>;

export const CreateProjectSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 250 }),
  description: Type.Optional(Type.String()),
});
export type CreateProject = Static<typeof CreateProjectSchema>;

export const ProjectParamsSchema = Type.Object({ idOrName: Type.String() });
export const ProjectIdParamsSchema = Type.Object({ id: Type.String() });

/** Languages by their id. `default` and `defaultLanguage` are such ids. */
const LanguageMap = Type.Record(Type.String(), Type.Object({ name: Type.String(), lcid: Type.Integer() }));
/** The languages in which objects are named, and those of the data, which Longshore does not translate. */
export const ProjectLanguagesSchema = Type.Object({
  metadata: Type.Object({ default: Type.String(), languages: LanguageMap }),
  data: Type.Object({ currentMode: Type.Literal('none'), defaultLanguage: Type.String(), languages: LanguageMap }),
});
export type ProjectLanguages = Static<typeof ProjectLanguagesSchema>;

export const MonitoredProjectsQuerySchema = Type.Object({
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1 }),
});

export const MonitoredProjectsSchema = Type.Object({
  projects: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      alias: Type.String(),
      description: Type.String(),
      status: Type.Integer(),
      nodes: Type.Array(Type.Object({ name: Type.String(), status: Type.String() })),
    }),
  ),
});

export const NodesQuerySchema = Type.Object({
  'projects.id': Type.Optional(Type.String()),
  'projects.name': Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
});
export type NodesQuery = Static<typeof NodesQuerySchema>;

export const NodesSchema = Type.Object({
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      port: Type.Optional(Type.Integer()),
      status: Type.String(),
      load: Type.Integer(),
      default: Type.Boolean(),
      projects: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), status: Type.String() })),
    }),
  ),
});
