import { ApiError, type LibraryClient, type Migration } from '@longshore/client';
import type { Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODE_HELP } from '../exit-codes.ts';
import type { CancelResult } from '../output/results.ts';
import { parseMigrationId } from './migration-id.ts';
import { withSessions } from './with-sessions.ts';

const DESCRIPTION =
  'Ends what one server does for a migration: the creation of its package, a validation, an import or an undo, whether it ' +
  'waits or runs. Nothing of it is kept. An import whose commit has begun cannot be cancelled.';

export function addCancelCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('cancel')
    .argument('<migration>', 'packageId:importId', parseMigrationId)
    .summary('end what a server does for a migration')
    .description(DESCRIPTION)
    .addHelpText('after', EXIT_CODE_HELP);
  addConnectionOptions(command, 'server');
  command.option('--json', 'print one JSON document at the end; progress goes to standard error');
  command.action((id: string, values: OptionValues) => cancel(id, values, context));
}

async function cancel(id: string, values: OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const connection = getConnection(io, values, 'server');
  const client = clientOf(io, connection.url);
  await withSessions([{ side: 'server', client, connection }], context, async () => {
    await client.migrations.cancel(id, { signal: io.signal });
    emit({ kind: 'result', result: resultOf(id, client, await waitForRest(id, client, io.signal)) });
  });
}

/** Undefined for a validation: the target keeps no record of it. */
async function waitForRest(id: string, client: LibraryClient, signal: AbortSignal): Promise<Migration | undefined> {
  return client.migrations.waitFor(id, isAtRest, { signal }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
}

const RUNNING: readonly (string | undefined)[] = ['creating', 'importing', 'undoing'];

function isAtRest({ packageInfo, importInfo }: Migration): boolean {
  return !RUNNING.includes(packageInfo.status) && !RUNNING.includes(importInfo.status);
}

function resultOf(id: string, client: LibraryClient, record: Migration | undefined): CancelResult {
  const base = { command: 'cancel', id, server: client.libraryUrl } as const;
  if (!record) return { ...base, status: null, message: '' };
  const { packageInfo, importInfo } = record;
  // Which half the job was about shows in the one that has ended as it should not.
  return packageInfo.status === 'create_failed'
    ? { ...base, status: packageInfo.status, message: packageInfo.message ?? '' }
    : { ...base, status: importInfo.status, message: importInfo.message ?? '' };
}
