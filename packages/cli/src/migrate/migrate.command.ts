import { isSameLibrary, type LibraryClient, type NamedRef } from '@longshore/client';
import { parseObjectId } from '@longshore/domain';
import type { Command } from 'commander';
import {
  clientOf,
  findUrl,
  getConnection,
  hasCredentials,
  type Connection,
  type OptionValues,
} from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODE_HELP, UsageError } from '../exit-codes.ts';
import { startJourney, stepError, type Walk } from './journey.ts';
import { addMigrateOptions, type MigrateValues } from './migrate-options.ts';
import { runMigration, type MigrationOrder, type PackageOrder, type Sides } from './run-migration.ts';
import { addStatusCommand } from './migrate-status.command.ts';
import { addUndoCommand } from './migrate-undo.command.ts';
import { withSessions } from './with-sessions.ts';
import { readTocView } from './toc-view.ts';

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
  checkProjects(values);
  const packageOrder = readPackageOrder(values, io.cwd, io.now());
  const source = getConnection(io, values, 'source');
  const target = getTarget(values, source, context);
  const sides: Sides = { source: clientOf(io, source.url), target: clientOf(io, target.url) };
  const walk: Walk = { journey: startJourney(source.url, target.url, projectFlags(values)), emit, signal: io.signal };
  const logins = [
    { side: 'source', client: sides.source, connection: source },
    { side: 'target', client: sides.target, connection: target },
  ] as const;
  await withSessions(logins, context, async () => {
    const order = await completeOrder(values, packageOrder, sides, io.signal);
    const result = await runMigration(order, sides, walk).catch((error: unknown) => {
      throw stepError(error, walk.journey);
    });
    emit({ kind: 'result', result });
  });
}

function projectFlags({ type, project, targetProject }: MigrateValues): string {
  if (type === 'configuration') return ' --type configuration';
  const target = targetProject === undefined ? '' : ` --target-project ${quoted(targetProject)}`;
  return ` --project ${quoted(project ?? '')}${target}`;
}

const quoted = (text: string): string => (/^\w+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

function checkProjects({ type, project, targetProject }: MigrateValues): void {
  if (type === 'project' && project === undefined) {
    throw new UsageError('Which project? Give --project ID, or --type configuration for configuration objects.');
  }
  if (type === 'configuration' && (project ?? targetProject) !== undefined) {
    throw new UsageError('A configuration package belongs to no project: leave out --project and --target-project.');
  }
}

function readPackageOrder(values: MigrateValues, cwd: string, now: number): PackageOrder {
  if (values.reuse === undefined) {
    const name = values.name ?? `Migration ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}`;
    return { kind: 'new', name, tocView: readTocView(values, cwd) };
  }
  const packageId = parseObjectId(values.reuse);
  if (packageId === undefined) throw new UsageError(`--reuse: "${values.reuse}" is no package id (32 hex digits).`);
  return { kind: 'reuse', packageId };
}

/** On the same server one login will do. */
function getTarget(values: OptionValues, source: Connection, { io }: CommandContext): Connection {
  const url = findUrl(io, values, 'target');
  const isOneServer = url !== undefined && isSameLibrary(url, source.url);
  return isOneServer && !hasCredentials(io, values, 'target') ? source : getConnection(io, values, 'target');
}

async function completeOrder(
  values: MigrateValues,
  order: PackageOrder,
  { source, target }: Sides,
  signal: AbortSignal,
): Promise<MigrationOrder> {
  const { type, project } = values;
  const afterwards = [values.undo === true ? 'undo' : null, values.delete === true ? 'delete' : null] as const;
  const sourceProject = project === undefined ? null : await findProject(source, project, signal);
  const wanted = values.targetProject ?? sourceProject?.id;
  return {
    type,
    order,
    sourceProject,
    targetProject: wanted === undefined ? null : await findProject(target, wanted, signal),
    undoPackage: values.undo === false ? 'none' : 'generate',
    afterwards: afterwards.filter((wish) => wish !== null),
  };
}

async function findProject(client: LibraryClient, idOrName: string, signal: AbortSignal): Promise<NamedRef> {
  const { id, name } = await client.projects.get(parseObjectId(idOrName) ?? idOrName, { signal });
  return { id, name };
}
