import { ApiError, type LibraryClient, type Migration } from '@longshore/client';
import { InvalidArgumentError, type Command } from 'commander';
import { addConnectionOptions, clientOf, findConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { SIDES } from '../output/events.ts';
import type { StatusRow } from '../output/results.ts';
import { parseMigrationId } from './migration-id.ts';
import { withSessions, type Login } from './with-sessions.ts';

interface StatusValues {
  readonly id?: string;
  readonly limit: number;
}

export function addStatusCommand(migrate: Command, context: CommandContext): void {
  const command = migrate
    .command('status')
    .summary('show migrations as source and target keep them')
    .description('Shows one migration, or the latest ones. Each server knows its own side only: name both to see both.')
    .option('--id <id>', 'migration, packageId:importId; absent: the latest ones', parseMigrationId)
    .option('--limit <number>', 'how many of the latest', parseLimit, 10);
  addConnectionOptions(command, 'source');
  addConnectionOptions(command, 'target');
  command.option('--json', 'print one JSON document');
  command.action((values: StatusValues & OptionValues) => status(values, context));
}

async function status(values: StatusValues & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const logins: Login[] = SIDES.flatMap((side) => {
    const connection = findConnection(io, values, side);
    return connection ? [{ side, client: clientOf(io, connection.url), connection }] : [];
  });
  if (logins.length === 0) throw new UsageError('Of which server? Give --source URL, --target URL or both.');
  const rows: StatusRow[] = [];
  await withSessions(logins, context, async () => {
    for (const { side, client } of logins) {
      const records = await readRecords(client, values, io.signal);
      rows.push(...records.map((record) => rowOf(side, client.libraryUrl, record)));
    }
  });
  if (values.id !== undefined && rows.length === 0) {
    throw new FailedError(`The migration ${values.id} is on none of the servers; it may have been deleted.`);
  }
  emit({ kind: 'result', result: { command: 'migrate status', migrations: rows } });
}

/** One side may not know the migration: the target before the import, either after a deletion. */
async function readRecords(
  client: LibraryClient,
  { id, limit }: StatusValues,
  signal: AbortSignal,
): Promise<readonly Migration[]> {
  if (id === undefined) return (await client.migrations.list({ limit, signal })).data;
  try {
    return [await client.migrations.get(id, { signal })];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

const rowOf = (side: string, url: string, { id, packageInfo, importInfo }: Migration): StatusRow => ({
  side,
  url,
  id,
  name: packageInfo.name ?? '',
  packageStatus: packageInfo.deleted === true ? 'deleted' : packageInfo.status,
  packageProgress: packageInfo.progress,
  importStatus: importInfo.status,
  importProgress: importInfo.progress,
  importRequestStatus: importInfo.importRequestStatus ?? 'pending',
  undoRequestStatus: importInfo.undoRequestStatus ?? 'pending',
  message: importInfo.message || packageInfo.message || '',
});

function parseLimit(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
}
