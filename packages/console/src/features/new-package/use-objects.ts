import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ObjectSummary } from '@longshore/contracts';
import { useCurrent } from '../../environments/index.ts';

/** How many objects a list shows; a search that finds more has to be narrowed. */
const MOST_SHOWN = 1000;

/** What lies in a folder, folders first. Without a project: of the configuration. */
export function useFolder(folderId: string, projectId: string | undefined) {
  const { client, environment } = useCurrent();
  return useQuery({
    queryKey: ['folder', environment.url, projectId, folderId],
    queryFn: async ({ signal }) => {
      const content = await client.folders.list(folderId, { limit: MOST_SHOWN, projectId, signal });
      return content.toSorted(foldersFirst);
    },
  });
}

const CONTAINS = 4;

export interface ObjectSearch {
  readonly name: string;
  readonly types: readonly number[];
}

/** Objects of a project, or of the configuration, by a part of their name. */
export function useSearch({ name, types }: ObjectSearch, projectId: string | undefined, isWanted: boolean) {
  const { client, environment } = useCurrent();
  return useQuery({
    queryKey: ['search', environment.url, projectId, name, types],
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.searches.quick({
        ...(name === '' ? {} : { name, pattern: CONTAINS }),
        ...(types.length === 0 ? {} : { types }),
        limit: MOST_SHOWN,
        projectId,
        signal,
      }),
  });
}

export function useProjects() {
  const { client, environment } = useCurrent();
  return useQuery({
    queryKey: ['projects', environment.url],
    queryFn: ({ signal }) => client.projects.list({ signal }),
  });
}

const FOLDER = 8;

export const isFolder = ({ type }: Pick<ObjectSummary, 'type'>): boolean => type === FOLDER;

function foldersFirst(a: ObjectSummary, b: ObjectSummary): number {
  return Number(isFolder(b)) - Number(isFolder(a)) || a.name.localeCompare(b.name);
}
