import type { Migration, LibraryClient } from '@longshore/client';
import type { Command } from 'commander';
import { addConnectionOptions, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODE_HELP, FailedError } from '../exit-codes.ts';
import type { ValidateResult } from '../output/results.ts';
import { startJourney, stepError, type Walk } from './journey.ts';
import { parseMigrationId } from './migration-id.ts';
import { openSides } from './order.ts';
import type { Sides } from './run-migration.ts';
import { withSessions } from './with-sessions.ts';

const DESCRIPTION =
  'Carries out an import on the target and takes it back, as the server itself would do it. The source keeps the result ' +
  'with the migration. The package must not be locked or imported yet.';

export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .summary('try an import on the target, and take it back')
    .description(DESCRIPTION)
    .requiredOption('--id <id>', 'migration on the source, packageId:importId', parseMigrationId)
    .addHelpText('after', EXIT_CODE_HELP);
  addConnectionOptions(command, 'source');
  addConnectionOptions(command, 'target');
  command.option('--json', 'print one JSON document at the end; progress goes to standard error');
  command.action((values: { id: string } & OptionValues) => validate(values, context));
}

async function validate(values: { id: string } & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const { sides, logins } = openSides(values, context);
  const { source, target } = sides;
  const walk: Walk = { journey: startJourney(source.libraryUrl, target.libraryUrl), emit, signal: io.signal };
  await withSessions(logins, context, async () => {
    const result = await runValidation(values.id, sides, walk).catch((error: unknown) => {
      throw stepError(error, walk.journey);
    });
    emit({ kind: 'result', result });
  });
}

async function runValidation(id: string, { source, target }: Sides, walk: Walk): Promise<ValidateResult> {
  const { signal } = walk;
  const record = await source.migrations.get(id, { show: 'all', signal });
  const projectId = record.packageInfo.type === 'configuration' ? undefined : record.importInfo.project?.id;
  await target.migrations.validate(record, { projectId });
  await source.migrations.patch(id, { validation: { status: 'validating' } });
  const ended = await waitForValidation(id, source, walk);
  const message = ended.validation?.message ?? '';
  if (ended.validation?.status !== 'validated') {
    throw new FailedError(`The import would fail on ${target.libraryUrl}; nothing has changed there. ${message}`);
  }
  return {
    command: 'validate',
    id,
    source: source.libraryUrl,
    target: target.libraryUrl,
    status: 'validated',
    message,
  };
}

/** The source learns of the course through the shared store. */
function waitForValidation(id: string, source: LibraryClient, { emit, signal }: Walk): Promise<Migration> {
  return source.migrations.waitFor(id, ({ validation }) => validation?.status !== 'validating', {
    signal,
    onPoll: ({ validation }) => {
      if (validation?.status !== 'validating') return;
      emit({ kind: 'progress', phase: 'validate', percent: validation.progress ?? 0 });
    },
  });
}
