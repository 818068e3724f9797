import { useMemo } from 'react';
import { useQueries, type Query } from '@tanstack/react-query';
import type { LibraryClient, Migration } from '@longshore/client';
import type { SharedFile } from '@longshore/contracts';
import { PRIVILEGE } from '@longshore/domain';
import { useEnvironments, type Connection } from '../../environments/index.ts';
import { joinRows, type Listing } from './model/migration-row.ts';
import { isRunning } from './model/migration-status.ts';
import { factsOf, type RowFacts } from './model/row-facts.ts';

const PURPOSES = ['object_migration', 'project_merge', 'migration_from_shared_file_store'] as const;
const PAGE = 1000;
/** Beyond this the newest are shown, and it is said that there are more. */
export const MOST_RECORDS = 20_000;

const BUSY_MS = 1500;
const IDLE_MS = 10_000;
/** A list that takes long is read less often: reading takes a tenth of the time at most. */
const SHARE = 10;

interface Read {
  readonly listing: Listing;
  readonly isTruncated: boolean;
  readonly milliseconds: number;
}

export interface MigrationsRead {
  readonly rows: readonly RowFacts[];
  readonly isLoading: boolean;
  readonly problems: readonly { readonly environment: string; readonly error: unknown; readonly retry: () => void }[];
  /** Names of environments that hold more than is shown. */
  readonly truncated: readonly string[];
}

export const migrationsKey = (url: string): readonly string[] => ['migrations', url];

/** The migrations of all connected environments, read again by itself: soon while something runs, not while hidden. */
export function useMigrations(): MigrationsRead {
  const { connections } = useEnvironments();
  const reads = useQueries({
    queries: connections.map((connection) => ({
      queryKey: migrationsKey(connection.environment.url),
      queryFn: ({ signal }: { signal: AbortSignal }) => readListing(connection, signal),
      refetchInterval: nextRead,
      structuralSharing: false,
    })),
  });
  const listings = reads.flatMap(({ data }) => (data ? [data.listing] : []));
  const version = reads.map(({ dataUpdatedAt }) => dataUpdatedAt).join(' ');
  // The listings change exactly when one of them was read; as a list of changing length they cannot be dependencies.
  // oxlint-disable-next-line react/exhaustive-deps
  const rows = useMemo(() => joinRows(listings).map(factsOf), [version]);
  return {
    rows,
    isLoading: reads.some(({ isPending }) => isPending),
    problems: reads.flatMap(({ error, refetch }, index) => {
      const environment = connections[index]?.environment.name ?? '';
      return error ? [{ environment, error, retry: () => void refetch() }] : [];
    }),
    truncated: reads.flatMap(({ data }) => (data?.isTruncated ? [data.listing.environment.name] : [])),
  };
}

async function readListing({ environment, client, holds }: Connection, signal: AbortSignal): Promise<Read> {
  const started = performance.now();
  const { records, total } = await readRecords(client, signal);
  const files = holds(PRIVILEGE.applyPackage) ? await readFiles(client, signal) : [];
  return {
    listing: { environment, records, files },
    isTruncated: total > records.length,
    milliseconds: performance.now() - started,
  };
}

async function readRecords(
  client: LibraryClient,
  signal: AbortSignal,
): Promise<{ readonly records: readonly Migration[]; readonly total: number }> {
  const records: Migration[] = [];
  for (;;) {
    const page = await client.migrations.list({ offset: records.length, limit: PAGE, purposes: PURPOSES, signal });
    records.push(...page.data);
    if (page.data.length < PAGE || records.length >= MOST_RECORDS) return { records, total: page.total };
  }
}

/** Uploaded files are for those who may import them. Where they cannot be read, the migrations are shown without. */
async function readFiles(client: LibraryClient, signal: AbortSignal): Promise<readonly SharedFile[]> {
  try {
    return (await client.files.list({ limit: PAGE, signal })).data;
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  }
}

function nextRead(query: Query<Read>): number {
  const { data } = query.state;
  if (!data) return IDLE_MS;
  const isBusy = joinRows([data.listing]).some((row) => isRunning(factsOf(row).status));
  return Math.max(isBusy ? BUSY_MS : IDLE_MS, data.milliseconds * SHARE);
}
