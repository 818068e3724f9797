import type { Migration } from '@longshore/client';
import type { Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, EXIT_CODE_HELP, FailedError, UsageError } from '../exit-codes.ts';
import { startJourney, stepError, type Walk } from '../migrate/journey.ts';
import { addContentOptions, type ContentValues } from '../migrate/migrate-options.ts';
import { parseMigrationId } from '../migrate/migration-id.ts';
import { completeOrder, findProject, openSides, readPackageOrder } from '../migrate/order.ts';
import { deletePackages, makePackage, type MigrationOrder, type Sides } from '../migrate/run-migration.ts';
import { withSessions } from '../migrate/with-sessions.ts';
import { readFilePlan, readPlan, type PlanReport } from './read-plan.ts';

const DESCRIPTION =
  'Shows what an import would do on the target: deletions first, what blocks, and the rule behind each object. Nothing ' +
  'is changed there. Give --id for a package that is there already, or --file for a file that was uploaded to the target; ' +
  'else a package is made for the plan, and deleted again.';

interface PlanValues extends ContentValues {
  readonly id?: string;
  readonly file?: string;
  readonly keep?: boolean;
}

export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .summary('show what an import would do, before anything is changed')
    .description(DESCRIPTION)
    .addHelpText('after', EXIT_CODE_HELP);
  addConnectionOptions(command, 'source');
  addConnectionOptions(command, 'target');
  addContentOptions(command);
  command
    .option('--id <id>', 'migration on the source, packageId:importId', parseMigrationId)
    .option('--file <id>', 'file that was uploaded to the target; --target-project says where it would go')
    .option('--keep', 'keep the package that was made for the plan')
    .option('--json', 'print one JSON document at the end; progress goes to standard error');
  command.action((values: PlanValues & OptionValues) => plan(values, context));
}

async function plan(values: PlanValues & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  if (values.file !== undefined) return planFile(values.file, values, context);
  if (values.id !== undefined && (values.object ?? values.content ?? values.config) !== undefined) {
    throw new UsageError(
      'A package that is there already has its content: leave out --object, --content and the like.',
    );
  }
  if (values.reuse !== undefined) throw new UsageError('For a package that is there already give --id.');
  const packageOrder = values.id === undefined ? readPackageOrder(values, io.cwd, io.now()) : null;
  const { sides, logins } = openSides(values, context);
  const walk: Walk = {
    journey: startJourney(sides.source.libraryUrl, sides.target.libraryUrl),
    emit,
    signal: io.signal,
  };
  await withSessions(logins, context, async () => {
    const report = await (
      packageOrder === null
        ? planExisting(values, sides, walk)
        : completeOrder(values, packageOrder, sides, io.signal).then((order) => planNew(order, values, sides, walk))
    ).catch((error: unknown) => {
      throw stepError(error, walk.journey);
    });
    tellResult(report, sides.source.libraryUrl, context);
  });
}

/** The source has no part in this: the file is on the target. */
async function planFile(fileId: string, values: PlanValues & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  if ((values.id ?? values.object ?? values.content ?? values.config) !== undefined) {
    throw new UsageError('An uploaded file has its content: leave out --id, --object, --content and the like.');
  }
  const connection = getConnection(io, values, 'target');
  const client = clientOf(io, connection.url);
  await withSessions([{ side: 'target', client, connection }], context, async () => {
    const wanted = values.targetProject;
    const project = wanted === undefined ? undefined : await findProject(client, wanted, io.signal);
    const work = { emit, signal: io.signal };
    tellResult(await readFilePlan(client, fileId, { projectId: project?.id, work }), client.libraryUrl, context);
  });
}

function tellResult(report: PlanReport, source: string, { emit }: CommandContext): void {
  const isBlocked = report.plan.result?.blocked === true;
  emit({ kind: 'result', result: { command: 'plan', source, ...report }, ...(isBlocked ? BLOCKED : {}) });
  if (isBlocked) throw new FailedError(`The import would be stopped on ${report.target}; see what blocks it.`);
}

const BLOCKED = { exitCode: EXIT.refused };

async function planExisting({ id = '' }: PlanValues, sides: Sides, walk: Walk): Promise<PlanReport> {
  const record = await sides.source.migrations.get(id, { show: 'all', signal: walk.signal });
  return readPlan(sides.target, record, { projectId: projectOf(record), work: walk });
}

async function planNew(order: MigrationOrder, values: PlanValues, sides: Sides, walk: Walk): Promise<PlanReport> {
  const made = await makePackage(order, sides, walk);
  try {
    const record = await sides.source.migrations.get(made.id, { show: 'all', signal: walk.signal });
    return await readPlan(sides.target, record, { projectId: order.targetProject?.id, work: walk });
  } finally {
    // One that was there before stays in any case.
    if (values.keep !== true && order.order.kind === 'new') await deletePackages(made.packageInfo.id, [sides.source]);
  }
}

const projectOf = ({ packageInfo, importInfo }: Migration): string | undefined =>
  packageInfo.type === 'configuration' ? undefined : importInfo.project?.id;
