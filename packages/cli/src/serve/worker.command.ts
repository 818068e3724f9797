import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { telling } from '../db/telling.ts';
import { UsageError } from '../exit-codes.ts';
import { untilStopped } from '../io.ts';
import { resolveSettings } from '../settings/resolve-settings.ts';
import { environmentConfig } from './environment.ts';
import { lockDataDirectory } from './lock-data-directory.ts';
import { addSettings, CONFIG_HELP } from './serve.command.ts';

export function addWorkerCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('worker')
    .summary('work on the jobs of servers that run elsewhere')
    .description(
      'Works on creations, imports, undos and validations of an environment in PostgreSQL until it is stopped. Takes the ' +
        'settings of the servers: the same --database and --storage, and a --data folder of its own.',
    )
    .option('--config <file>', CONFIG_HELP);
  addSettings(command);
  command.action((flags: Record<string, unknown>) => work(flags, context));
}

async function work(flags: Record<string, unknown>, { io, services }: CommandContext): Promise<void> {
  const config = environmentConfig(resolveSettings({ flags, env: io.env, cwd: io.cwd }), io.cwd);
  if (!config.database) {
    throw new UsageError('A worker needs the PostgreSQL database of its environment: give --database postgres://…');
  }
  const unlock = lockDataDirectory(config.dataDirectory);
  try {
    const worker = await telling(() => services.startWorker(config));
    io.stdout.write(`Longshore ${config.name} worker is ready.\n`);
    await untilStopped(io.signal);
    io.stderr.write(`Stopping the worker of ${config.name}: running jobs end first.\n`);
    await worker.close();
  } finally {
    unlock();
  }
}
