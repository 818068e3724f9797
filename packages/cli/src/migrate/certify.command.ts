import { CERTIFICATION_STATUSES, type CertificationStatus } from '@longshore/domain';
import { Option, type Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODE_HELP } from '../exit-codes.ts';
import { parseMigrationId } from './migration-id.ts';
import { withSessions } from './with-sessions.ts';

interface CertifyValues {
  readonly id: string;
  readonly as: CertificationStatus;
}

export function addCertifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('certify')
    .summary('certify a package on its source, or take that back')
    .description('Moves the certification of a package. Who may do what follows from the privileges on the source.')
    .requiredOption('--id <id>', 'migration on the source, packageId:importId', parseMigrationId)
    .addOption(new Option('--as <status>', 'what it becomes').choices(CERTIFICATION_STATUSES).default('certified'))
    .addHelpText('after', EXIT_CODE_HELP);
  addConnectionOptions(command, 'source');
  command.option('--json', 'print one JSON document at the end; progress goes to standard error');
  command.action((values: CertifyValues & OptionValues) => certify(values, context));
}

async function certify(values: CertifyValues & OptionValues, context: CommandContext): Promise<void> {
  const { io, emit } = context;
  const connection = getConnection(io, values, 'source');
  const client = clientOf(io, connection.url);
  await withSessions([{ side: 'source', client, connection }], context, async () => {
    await client.migrations.certify(values.id, { status: values.as });
    const { packageInfo } = await client.migrations.get(values.id, { signal: io.signal });
    const status = packageInfo.certification?.status ?? 'uncertified';
    const result = { command: 'certify', id: values.id, source: client.libraryUrl, certification: status } as const;
    emit({ kind: 'result', result });
  });
}
