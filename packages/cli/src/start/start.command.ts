import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { untilStopped } from '../io.ts';
import { closeAll, startEnvironment } from '../serve/environment.ts';
import { ENVIRONMENT_NAMES, pairConfig, type EnvironmentName } from '../serve/pair.ts';
import type { RunningServer } from '../services.ts';
import { loadOrMakeLogins, saveLogins, type SavedLogins } from './credentials.ts';
import { portOrAny } from './free-port.ts';

const PORTS: Readonly<Record<EnvironmentName, number>> = { dev: 8080, prod: 8081 };
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

export function addStartCommand(program: Command, context: CommandContext): void {
  program
    .command('start')
    .summary('run two environments to try things out')
    .description(
      'Runs two environments, dev with the Tutorial project and prod with an older state of it, until it is stopped. ' +
        `They listen on ports ${PORTS.dev} and ${PORTS.prod} where these are free. What they hold is kept for the next start.`,
    )
    .option('--folder <folder>', 'where to keep everything; absent: .longshore in the repository')
    .action(({ folder }: { folder?: string }) => start(folder, context));
}

async function start(folder: string | undefined, context: CommandContext): Promise<void> {
  const { io } = context;
  const home = folder === undefined ? join(REPOSITORY, '.longshore') : resolve(io.cwd, folder);
  const savedAt = join(home, 'credentials.json');
  let logins = loadOrMakeLogins(savedAt);
  const running = new Map<EnvironmentName, RunningServer>();
  try {
    const ports = await choosePorts();
    for (const name of ENVIRONMENT_NAMES) {
      const server = await startMember({ name, home, logins, ports }, context);
      running.set(name, server);
      if (server.generatedPassword === null) continue;
      logins = { ...logins, [name]: { username: 'Administrator', password: server.generatedPassword } };
      saveLogins(savedAt, logins);
    }
    io.stdout.write(`${introduction(running, logins, home).join('\n')}\n`);
    await untilStopped(io.signal);
    io.stderr.write('Stopping both: running calls and jobs end first.\n');
  } finally {
    await closeAll(running.values());
  }
}

type Ports = Readonly<Record<EnvironmentName, number>>;

/** Both are chosen before either starts, because each has to know where the other will be. */
async function choosePorts(): Promise<Ports> {
  return { dev: await portOrAny(PORTS.dev, '127.0.0.1'), prod: await portOrAny(PORTS.prod, '127.0.0.1') };
}

interface StartMember {
  readonly name: EnvironmentName;
  readonly home: string;
  readonly logins: SavedLogins;
  readonly ports: Ports;
}

async function startMember(
  { name, home, logins, ports }: StartMember,
  { services }: CommandContext,
): Promise<RunningServer> {
  const port = ports[name];
  const otherPort = ports[name === 'dev' ? 'prod' : 'dev'];
  // Only the first start sets the password: one that has been changed since must stay.
  const isFirst = !existsSync(join(home, name, 'metadata.sqlite'));
  const adminPassword = isFirst ? logins[name].password : null;
  return startEnvironment(
    services,
    pairConfig({ name, folder: home, port, otherPort, adminPassword, logLevel: 'warn' }),
  );
}

function introduction(
  running: ReadonlyMap<EnvironmentName, RunningServer>,
  logins: SavedLogins,
  home: string,
): string[] {
  const members = ENVIRONMENT_NAMES.flatMap((name) => {
    const { username, password } = logins[name];
    return [`  ${name.padEnd(5)} ${running.get(name)?.url ?? ''}`, `        ${username}, password ${password}`];
  });
  const url = running.get('dev')?.url ?? '';
  const target = running.get('prod')?.url ?? '';
  const { username, password } = logins.dev;
  const login = JSON.stringify({ loginMode: 1, username, password });
  return [
    'Two environments are up. Passwords are those of the first start.',
    '',
    ...members,
    '',
    `  Console ${url.replace('/MicroStrategyLibrary', '/console/')}`,
    `  Kept in ${home}; stop with Ctrl-C.`,
    '',
    'Try:',
    `  curl -s -X POST ${url}/api/auth/login -H 'Content-Type: application/json' -d '${login}'`,
    `  curl -s ${url}/api/projects -H 'X-MSTR-AuthToken: <token from the line above>'`,
    '',
    'Move the attribute Year and everything that it needs from dev to prod:',
    `  export LONGSHORE_SOURCE_PASSWORD='${password}' LONGSHORE_TARGET_PASSWORD='${logins.prod.password}'`,
    `  npx longshore migrate --source ${url} --target ${target} \\`,
    '    --project B19DEDCC11D4E0EFC000EB9495D0F44F --default-action replace \\',
    '    --object 8D679D5111D3E4981000E787EC6DE8A4:12:replace+deps',
  ];
}
