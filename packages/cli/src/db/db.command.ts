import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../exit-codes.ts';
import { counted } from '../output/results.ts';
import { lockDataDirectory } from '../serve/lock-data-directory.ts';
import { telling } from './telling.ts';

type OptionValues = Readonly<Record<string, unknown>>;

export function addDbCommand(program: Command, context: CommandContext): void {
  const db = program.command('db').summary('make, bring up to date and move the databases of an environment');
  db.command('migrate')
    .summary('bring the tables of an environment to this version')
    .description('Makes the tables of an environment in PostgreSQL, or brings them to the version of this program.')
    .option('--database <url>', 'postgres://user:password@host/database?schema=<environment> (env LONGSHORE_DATABASE)')
    .action((values: OptionValues) => migrate(values, context));
  db.command('copy')
    .summary('move an environment from SQLite to PostgreSQL, or back')
    .description(
      'Copies everything of an environment but its files to an empty place: objects, journal, users, sessions and ' +
        'migration records. Its servers have to be stopped.',
    )
    .requiredOption('--from <place>', 'data folder, or postgres://…')
    .requiredOption('--to <place>', 'data folder, or postgres://…')
    .action((values: OptionValues) => copy(values, context));
}

async function migrate(values: OptionValues, { io, services }: CommandContext): Promise<void> {
  const database = textOf(values['database']) ?? io.env['LONGSHORE_DATABASE'];
  if (!database || !isAddress(database)) throw new UsageError('--database must be an address: postgres://…');
  await telling(() => services.migrateEnvironment(database));
  io.stdout.write('The tables are up to date.\n');
}

async function copy(values: OptionValues, { io, services }: CommandContext): Promise<void> {
  const [from, to] = ['from', 'to'].map((key) => placeOf(textOf(values[key]) ?? '', io.cwd)) as [string, string];
  if (!isAddress(from) && !existsSync(join(from, 'metadata.sqlite'))) {
    throw new UsageError(`--from: there is no environment in ${from}`);
  }
  const unlock = [from, to].filter((place) => !isAddress(place)).map((folder) => lockDataDirectory(folder));
  try {
    const { tables, rows } = await telling(() => services.copyEnvironment(from, to));
    io.stdout.write(`Copied ${counted(rows, 'row')} of ${counted(tables, 'table')}.\n`);
  } finally {
    for (const each of unlock) each();
  }
}

const isAddress = (place: string): boolean => /^postgres(ql)?:\/\//i.test(place);
const placeOf = (place: string, cwd: string): string => (isAddress(place) ? place : resolve(cwd, place));
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
