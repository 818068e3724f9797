import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { untilStopped } from '../io.ts';
import { CONFIG_VARIABLE, resolveSettings } from '../settings/resolve-settings.ts';
import { SETTING_KEYS, SETTINGS } from '../settings/settings.ts';
import { environmentConfig, startEnvironment } from './environment.ts';

export const CONFIG_HELP = `JSON file with settings, keys as in the flags: adminPassword (env ${CONFIG_VARIABLE})`;

/** A flag for every setting. */
export function addSettings(command: Command): void {
  for (const key of SETTING_KEYS) {
    const { flag, help, env } = SETTINGS[key];
    command.option(flag, `${help} (env ${env})`);
  }
}

export function addServeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('serve')
    .summary('run a Library server')
    .description(
      'Runs a Library server until it is stopped. Each setting can be given as a flag, as an environment variable or in ' +
        'a JSON file; a flag comes first, then the environment, then the file.',
    )
    .option('--config <file>', CONFIG_HELP);
  addSettings(command);
  command.action((flags: Record<string, unknown>) => serve(flags, context));
}

async function serve(flags: Record<string, unknown>, { io, services }: CommandContext): Promise<void> {
  const settings = resolveSettings({ flags, env: io.env, cwd: io.cwd });
  const config = environmentConfig(settings, io.cwd);
  const server = await startEnvironment(services, config);
  const lines = [
    `Longshore ${config.name} is ready.`,
    `  Library URL   ${server.url}`,
    `  listening on  ${server.address}`,
    `  data          ${config.dataDirectory}`,
    `  storage       ${config.storageLocation}`,
  ];
  if (server.generatedPassword !== null) {
    lines.push(`  login         Administrator, password ${server.generatedPassword} (shown only now; keep it)`);
  }
  io.stdout.write(`${lines.join('\n')}\n`);
  await untilStopped(io.signal);
  io.stderr.write(`Stopping ${config.name}: running calls and jobs end first.\n`);
  await server.close();
}
