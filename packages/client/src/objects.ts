import type {
  ObjectDefinition,
  ObjectDetail,
  ObjectSummary,
  ProjectView,
  Translations,
  UpdateObject,
} from '@longshore/contracts';
import type { ProjectCallOptions } from './migrations.ts';
import type { Transport } from './transport.ts';

export interface PageOptions extends ProjectCallOptions {
  readonly offset?: number;
  readonly limit?: number;
}

export interface QuickSearch extends PageOptions {
  readonly name?: string;
  /** 0 any word, 1 begins with, 2 exactly, 3 begins with phrase, 4 contains, 5 ends with. */
  readonly pattern?: number;
  readonly types?: readonly number[];
  /** Folder below which to look. */
  readonly root?: string;
}

/** Which edge a dependency search follows: what the object needs, or what needs it. */
export type Direction = 'uses' | 'used-by';

export interface DependencySearch extends PageOptions {
  readonly object: { readonly id: string; readonly type: number };
  readonly direction: Direction;
  readonly reach: 'direct' | 'transitive';
}

export interface ProjectsApi {
  list(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly ProjectView[]>;
  /** By id or by name. */
  get(idOrName: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<ProjectView>;
}

export interface ObjectsApi {
  get(id: string, type: number, options?: ProjectCallOptions): Promise<ObjectDetail>;
  /** What is inside, as it is stored. */
  definition(id: string, type: number, options?: ProjectCallOptions): Promise<ObjectDefinition>;
  /** Texts in other languages, by what they are of and by the number of the language. */
  translations(id: string, type: number, options?: ProjectCallOptions): Promise<Translations>;
  put(id: string, type: number, changes: UpdateObject, options?: ProjectCallOptions): Promise<ObjectDetail>;
  delete(id: string, type: number, options?: ProjectCallOptions): Promise<void>;
}

export interface FoldersApi {
  /** What is directly inside a folder. */
  list(id: string, options?: PageOptions): Promise<readonly ObjectSummary[]>;
  create(
    folder: { readonly name: string; readonly parent: string; readonly description?: string },
    options?: ProjectCallOptions,
  ): Promise<ObjectSummary>;
}

export interface SearchesApi {
  quick(search: QuickSearch): Promise<{ readonly totalItems: number; readonly result: readonly ObjectSummary[] }>;
  dependencies(
    search: DependencySearch,
  ): Promise<{ readonly totalItems: number; readonly result: readonly ObjectSummary[] }>;
}

export function createProjectsApi(transport: Transport): ProjectsApi {
  return {
    list: ({ signal } = {}) => transport.json({ method: 'GET', path: '/projects', signal }),
    get: (idOrName, { signal } = {}) =>
      transport.json({ method: 'GET', path: `/projects/${encodeURIComponent(idOrName)}`, signal }),
  };
}

export function createObjectsApi(transport: Transport): ObjectsApi {
  return {
    get: (id, type, { projectId, signal } = {}) =>
      transport.json({ method: 'GET', path: objectPath(id), query: { type }, projectId, signal }),
    definition: (id, type, { projectId, signal } = {}) =>
      transport.json({
        method: 'GET',
        path: `/longshore${objectPath(id)}/definition`,
        query: { type },
        projectId,
        signal,
      }),
    translations: (id, type, { projectId, signal } = {}) =>
      transport.json({
        method: 'GET',
        path: `/objects/${type}/${encodeURIComponent(id)}/translations`,
        projectId,
        signal,
      }),
    put: (id, type, json, { projectId, signal } = {}) =>
      transport.json({ method: 'PUT', path: objectPath(id), query: { type }, json, projectId, signal }),
    delete: (id, type, { projectId, signal } = {}) =>
      transport.done({ method: 'DELETE', path: objectPath(id), query: { type }, projectId, signal }),
  };
}

const objectPath = (id: string): string => `/objects/${encodeURIComponent(id)}`;

export function createFoldersApi(transport: Transport): FoldersApi {
  return {
    list: (id, { offset, limit, projectId, signal } = {}) =>
      transport.json({
        method: 'GET',
        path: `/folders/${encodeURIComponent(id)}`,
        query: { offset, limit },
        projectId,
        signal,
      }),
    create: (json, { projectId, signal } = {}) =>
      transport.json({ method: 'POST', path: '/folders', json, projectId, signal }),
  };
}

export function createSearchesApi(transport: Transport): SearchesApi {
  return {
    quick: ({ name, pattern, types, root, offset, limit, projectId, signal }) =>
      transport.json({
        method: 'GET',
        path: '/searches/results',
        query: { name, pattern, type: types, root, offset, limit },
        projectId,
        signal,
      }),
    async dependencies({ object, direction, reach, offset, limit, projectId, signal }) {
      const edge = `${object.id};${object.type}`;
      const recursive = reach === 'transitive';
      // `usedByObject=X` lists what X uses, `usesObject=X` what uses X (spec/api.md 2.6).
      const query =
        direction === 'uses'
          ? { usedByObject: edge, usedByRecursive: recursive }
          : { usesObject: edge, usesRecursive: recursive };
      const path = '/metadataSearches/results';
      const search = { method: 'POST', path, query, projectId, signal } as const;
      const { id, totalItems } = await transport.json<{ id: string; totalItems: number }>(search);
      const page = { method: 'GET', path, query: { searchId: id, offset, limit }, projectId, signal } as const;
      return { totalItems, result: await transport.json<ObjectSummary[]>(page) };
    },
  };
}
