import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@longshore/client';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { closeAll, startEnvironment } from '../serve/environment.ts';
import { pairConfig, type EnvironmentName } from '../serve/pair.ts';
import type { RunningServer } from '../services.ts';
import { createDemoPrinter, type DemoPrinter } from './demo-printer.ts';
import { runDemo } from './run-demo.ts';

export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .summary('show a whole migration on two environments made for it')
    .description(
      'Starts two environments, dev and prod, in a temporary folder, moves the attribute Year from one to the other, ' +
        'undoes it, and shows each call and what came of it. Nothing is left behind.',
    )
    .action(() => demo(context));
}

async function demo(context: CommandContext): Promise<void> {
  const { io } = context;
  const started = io.now();
  const colours = io.stdout.isTTY === true && (io.env['NO_COLOR'] ?? '') === '' ? 'on' : 'off';
  const printer = createDemoPrinter(io.stdout, colours);
  const folder = await mkdtemp(join(tmpdir(), 'longshore-demo-'));
  const running: RunningServer[] = [];
  try {
    const passwords = { dev: newPassword(), prod: newPassword() };
    const start = async (name: EnvironmentName): Promise<string> => {
      const server = await startEnvironment(
        context.services,
        pairConfig({ name, folder, port: 0, adminPassword: passwords[name], logLevel: 'error' }),
      );
      running.push(server);
      return server.url;
    };
    const urls = await startBoth(printer, start);
    const client = (name: EnvironmentName) =>
      createClient({ baseUrl: urls[name], onCall: printer.heard(name), ...(io.sleep ? { sleep: io.sleep } : {}) });
    await runDemo({ dev: client('dev'), prod: client('prod'), passwords, printer, signal: io.signal });
    printer.line(`Done in ${((io.now() - started) / 1000).toFixed(1)} s: moved, undone to the byte, cleaned up.`);
  } finally {
    try {
      await closeAll(running);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function startBoth(
  printer: DemoPrinter,
  start: (name: EnvironmentName) => Promise<string>,
): Promise<Readonly<Record<EnvironmentName, string>>> {
  const urls = { dev: '', prod: '' };
  await printer.step('Start two environments that share a storage folder', async () => {
    urls.dev = await start('dev');
    urls.prod = await start('prod');
    return [`dev  ${urls.dev}  the Tutorial project`, `prod ${urls.prod}  an older state of it`];
  });
  return urls;
}

const newPassword = (): string => randomBytes(18).toString('base64url');
