import type { Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { startJourney, stepError, type Walk } from './journey.ts';
import { parseMigrationId } from './migration-id.ts';
import { resultOf } from './run-migration.ts';
import { undoImport } from './undo-import.ts';
import { withSessions } from './with-sessions.ts';

export function addUndoCommand(migrate: Command, context: CommandContext): void {
  const command = migrate
    .command('undo')
    .summary('undo an import on its target')
    .description('Requests and approves the undo of an import, and waits until the target is as it was before.')
    .requiredOption('--id <id>', 'migration, packageId:importId', parseMigrationId);
  addConnectionOptions(command, 'target');
  command.option('--json', 'print one JSON document at the end; progress goes to standard error');
  command.action((values: { id: string } & OptionValues) => undo(values, context));
}

async function undo(values: { id: string } & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const connection = getConnection(io, values, 'target');
  const client = clientOf(io, connection.url);
  const walk: Walk = { journey: startJourney(null, connection.url), emit, signal: io.signal };
  await withSessions([{ side: 'target', client, connection }], context, async () => {
    const record = await undoImport(values.id, client, walk).catch((error: unknown) => {
      throw stepError(error, walk.journey);
    });
    const result = { command: 'migrate undo', ...resultOf(record, record, client), deletedOn: [] } as const;
    emit({ kind: 'result', result });
  });
}
