import { useQueries, useQuery } from '@tanstack/react-query';
import { ApiError, isSameLibrary } from '@longshore/client';
import { useEnvironments, type Connection } from '../../environments/index.ts';
import {
  groupWord,
  isAtWork,
  joinGroups,
  sidesOf,
  type GroupRow,
  type GroupScene,
  type GroupSide,
} from './model/group-row.ts';

const PAGE = 1000;
const BUSY_MS = 1000;
const IDLE_MS = 8000;

/** The groups of all connected environments. */
export function useGroups() {
  const { connections } = useEnvironments();
  const reads = useQueries({
    queries: connections.map(({ environment, client }) => ({
      queryKey: ['groups', environment.url],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly GroupSide[]> => {
        const { data } = await client.migrationGroups.list({ limit: PAGE, signal });
        return data.map((group) => ({ environment, group }));
      },
      refetchInterval: (query: { state: { data?: readonly GroupSide[] } }) => nextRead(query.state.data ?? []),
    })),
  });
  return {
    rows: joinGroups(reads.flatMap(({ data }) => data ?? [])),
    isLoading: reads.some(({ isPending }) => isPending),
    errors: reads.flatMap(({ error }) => (error ? [error] : [])),
  };
}

const nextRead = (sides: readonly GroupSide[]): number =>
  joinGroups(sides).some((row) => isAtWork(groupWord(row))) ? BUSY_MS : IDLE_MS;

const NOT_FOUND = 404;

export function useGroup(id: string) {
  const { connections } = useEnvironments();
  const urls = connections.map(({ environment }) => environment.url);
  const read = useQuery({
    queryKey: ['group', id, urls],
    queryFn: async ({ signal }) => {
      const sides = await Promise.all(connections.map((connection) => readSide(connection, id, signal)));
      return sides.filter((side) => side !== null);
    },
    refetchInterval: (query) => nextRead(query.state.data ?? []),
  });
  const [row] = joinGroups(read.data ?? []);
  return { ...read, scene: row ? sceneOf(row, connections) : null };
}

async function readSide(
  { client, environment }: Connection,
  id: string,
  signal: AbortSignal,
): Promise<GroupSide | null> {
  try {
    const group = await client.migrationGroups.get(id, { signal });
    return group.migrations.every(({ packageInfo }) => packageInfo.deleted) ? null : { environment, group };
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return null;
    throw error;
  }
}

function sceneOf(row: GroupRow, connections: readonly Connection[]): GroupScene {
  const at = (url: string | undefined): Connection | null =>
    url === undefined || url === ''
      ? null
      : (connections.find(({ environment }) => isSameLibrary(environment.url, url)) ?? null);
  const { made } = sidesOf(row);
  return {
    row,
    source: at(row.source?.environment.url),
    target: at(row.target?.environment.url ?? made.group.targetEnvironment.id),
  };
}
