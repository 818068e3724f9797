import type { Migration } from '@longshore/client';
import type { Command } from 'commander';
import type { OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODE_HELP } from '../exit-codes.ts';
import { checkConfirmation, confirmPlan } from '../plan/confirm-plan.ts';
import { startJourney, stepError, type Walk } from './journey.ts';
import { addMigrateOptions, type MigrateValues } from './migrate-options.ts';
import { addStatusCommand } from './migrate-status.command.ts';
import { addUndoCommand } from './migrate-undo.command.ts';
import { completeOrder, openSides, readPackageOrder } from './order.ts';
import { runMigration } from './run-migration.ts';
import { withSessions } from './with-sessions.ts';

const DESCRIPTION =
  'Makes a package on the source, approves it, and imports it on the target. Source and target may be the same server. ' +
  'Without settings nothing that is on the target is changed: see --default-action and --object.';

const EXAMPLES = `
Example:
  longshore migrate --source http://dev:8080/MicroStrategyLibrary --target http://prod:8080/MicroStrategyLibrary \\
    --project B19DEDCC11D4E0EFC000EB9495D0F44F --object 8D679D5111D3E4981000E787EC6DE8A4:12:replace+deps \\
    --default-action replace
`;

export function addMigrateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('migrate')
    .summary('move objects from one server to another')
    .description(DESCRIPTION)
    .enablePositionalOptions()
    .addHelpText('after', `${EXAMPLES}${EXIT_CODE_HELP}`);
  addMigrateOptions(command);
  command.action((values: MigrateValues & OptionValues) => migrate(values, context));
  addUndoCommand(command, context);
  addStatusCommand(command, context);
}

async function migrate(values: MigrateValues & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const packageOrder = readPackageOrder(values, io.cwd, io.now());
  checkConfirmation(values, context);
  const { sides, logins } = openSides(values, context);
  const { source, target } = sides;
  const journey = startJourney(source.libraryUrl, target.libraryUrl, projectFlags(values));
  const walk: Walk = { journey, emit, signal: io.signal };
  await withSessions(logins, context, async () => {
    const order = await completeOrder(values, packageOrder, sides, io.signal);
    const projectId = order.targetProject?.id;
    const confirm = (record: Migration) => confirmPlan(record, { values, projectId, sides, walk, context });
    const result = await runMigration(values.plan === true ? { ...order, confirm } : order, sides, walk).catch(
      (error: unknown) => {
        throw stepError(error, walk.journey);
      },
    );
    emit({ kind: 'result', result });
  });
}

function projectFlags({ type, project, targetProject }: MigrateValues): string {
  if (type === 'configuration') return ' --type configuration';
  const target = targetProject === undefined ? '' : ` --target-project ${quoted(targetProject)}`;
  return ` --project ${quoted(project ?? '')}${target}`;
}

const quoted = (text: string): string => (/^\w+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
