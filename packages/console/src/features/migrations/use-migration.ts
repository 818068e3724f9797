import { useQueries, useQuery } from '@tanstack/react-query';
import { ApiError, isSameLibrary, type Migration, type TocView } from '@longshore/client';
import { useEnvironments, type Connection } from '../../environments/index.ts';
import type { ActionScene } from './model/migration-actions.ts';
import { joinRows, packageSide, type MigrationRow } from './model/migration-row.ts';
import { isRunning, statusOf } from './model/migration-status.ts';

const BUSY_MS = 700;
const IDLE_MS = 4000;
const NOT_FOUND = 404;

export interface MigrationRead {
  readonly isLoading: boolean;
  /** Null: no connected environment has a record of it. */
  readonly scene: ActionScene | null;
  readonly errors: readonly unknown[];
}

export const migrationKey = (id: string): readonly string[] => ['migration', id];

/** One migration as all connected environments know it, read again by itself. */
export function useMigration(id: string): MigrationRead {
  const { connections } = useEnvironments();
  const reads = useQueries({
    queries: connections.map(({ environment, client }) => ({
      queryKey: [...migrationKey(id), environment.url],
      queryFn: ({ signal }: { signal: AbortSignal }) => orNull(client.migrations.get(id, { signal })),
      refetchInterval: (query: { state: { data?: Migration | null } }) => nextRead(query.state.data),
    })),
  });
  const listings = connections.map(({ environment }, index) => {
    const record = reads[index]?.data;
    return { environment, records: record ? [record] : [], files: [] };
  });
  const [row] = joinRows(listings);
  return {
    isLoading: reads.some(({ isPending }) => isPending),
    scene: row?.kind === 'migration' ? sceneOf(row, connections) : null,
    errors: reads.flatMap(({ error }) => (error ? [error] : [])),
  };
}

/** An environment that does not know the migration is no error; neither is one that has deleted it. */
async function orNull(reading: Promise<Migration>): Promise<Migration | null> {
  try {
    const record = await reading;
    return record.packageInfo.deleted ? null : record;
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return null;
    throw error;
  }
}

function nextRead(record: Migration | null | undefined): number {
  if (!record) return IDLE_MS;
  const [row] = joinRows([{ environment: { name: '', url: '', production: false }, records: [record], files: [] }]);
  return row && isRunning(statusOf(row)) ? BUSY_MS : IDLE_MS;
}

function sceneOf(row: MigrationRow, connections: readonly Connection[]): ActionScene {
  const at = (url: string | undefined): Connection | null =>
    url === undefined || url === ''
      ? null
      : (connections.find(({ environment }) => isSameLibrary(environment.url, url)) ?? null);
  const { importInfo } = packageSide(row).record;
  return {
    row,
    source: at(row.source?.environment.url),
    target: at(row.target?.environment.url ?? importInfo.environment?.id),
  };
}

/** What the package holds. It does not change while the package does not, so it is read once for each state of it. */
export function useContent({ row, source, target }: ActionScene) {
  const { record, environment } = packageSide(row);
  const connection = environment.url === source?.environment.url ? source : target;
  const { lastUpdatedDate = '', status } = record.packageInfo;
  return useQuery({
    queryKey: ['content', row.id, environment.url, lastUpdatedDate, status],
    enabled: connection !== null && status !== 'creating' && status !== 'empty',
    staleTime: Infinity,
    structuralSharing: false,
    queryFn: async ({ signal }): Promise<TocView> => {
      const read = await connection?.client.migrations.get(row.id, { show: 'tocview', signal });
      return read?.packageInfo.tocView ?? {};
    },
  });
}
