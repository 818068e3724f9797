import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStandIn, type StandInOptions } from '../../client/test/library-stand-in.ts';
import type { EnvironmentConfig, Services } from '../src/index.ts';
import { lockDataDirectory } from '../src/serve/lock-data-directory.ts';
import { portOrAny } from '../src/start/free-port.ts';
import { noServices, recordingIo, run, type Ran, type RecordingIo } from './recording-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts stand-ins in place of servers, and remembers with what and how they ended. */
function standInServices(options: (config: EnvironmentConfig) => StandInOptions = () => ({})) {
  const configs: EnvironmentConfig[] = [];
  const closed: string[] = [];
  const services: Services = {
    ...noServices,
    async startServer(config) {
      configs.push(config);
      const password = config.adminPassword ?? 'generated';
      const server = await startStandIn({ password, ...options(config) });
      // As a real server does at its first start.
      writeFileSync(join(config.dataDirectory, 'metadata.sqlite'), '');
      return {
        url: server.url,
        address: '127.0.0.1:1',
        generatedPassword: config.adminPassword === null ? 'generated' : null,
        close: async () => {
          closed.push(config.name);
          await server.close();
        },
      };
    },
  };
  return { services, configs, closed };
}

/** Ends a command that runs until it is stopped, as soon as it says that it is up. */
function stopWhen(text: string, make: (onOutput: (text: string) => void) => RecordingIo): RecordingIo {
  const io = make((output) => {
    if (output.includes(text)) setImmediate(() => io.interrupt('SIGTERM'));
  });
  return io;
}

describe('longshore serve', () => {
  it('says in plain words why it cannot listen', async () => {
    const failing: Services = {
      ...noServices,
      startServer: () =>
        Promise.reject(Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', syscall: 'listen' })),
    };
    const { code, err } = await run(['serve', '--port', '4711'], recordingIo({ cwd: folder }), failing);
    expect(code).toBe(3);
    expect(err).toContain('The server cannot listen on 127.0.0.1, port 4711: another program listens there.');
    expect(err).not.toContain('    at ');
  });

  it('prints address, URL and the generated password, and drains and ends with 0 when it is stopped', async () => {
    const { services, configs, closed } = standInServices();
    const io = stopWhen('is ready', (onOutput) => recordingIo({ cwd: folder, onOutput }));
    const { code, out } = await run(['serve', '--name', 'dev', '--port', '0'], io, services);
    expect(code).toBe(0);
    expect(out).toContain('Longshore dev is ready.');
    expect(out).toContain('http://127.0.0.1:');
    expect(out).toContain('Administrator, password generated (shown only now; keep it)');
    expect(configs[0]).toMatchObject({ name: 'dev', port: 0, dataDirectory: join(folder, '.longshore', 'dev') });
    expect(closed).toEqual(['dev']);
  });

  it('does not print a password that was given', async () => {
    const { services } = standInServices();
    const env = { LONGSHORE_ADMIN_PASSWORD: 'mine' };
    const io = stopWhen('is ready', (onOutput) => recordingIo({ cwd: folder, env, onOutput }));
    const { out } = await run(['serve', '--port', '0'], io, services);
    expect(out).not.toContain('password');
  });

  it('refuses a data folder that another server uses, and takes it when that has gone', async () => {
    const { services } = standInServices();
    const data = join(folder, 'data');
    const unlock = lockDataDirectory(data);
    const refused = await run(['serve', '--port', '0', '--data', data], recordingIo({ cwd: folder }), services);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain(`Another server uses the data folder ${data}`);
    unlock();
    const io = stopWhen('is ready', (onOutput) => recordingIo({ cwd: folder, onOutput }));
    expect((await run(['serve', '--port', '0', '--data', data], io, services)).code).toBe(0);
  });

  it('gives the data folder back when the server does not start', async () => {
    const data = join(folder, 'data');
    const failed = await run(['serve', '--data', data], recordingIo({ cwd: folder }), noServices);
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('no server is started here');
    lockDataDirectory(data)();
  });
});

function start(services: Services): Promise<Ran> {
  const io = stopWhen('are up', (onOutput) => recordingIo({ cwd: folder, onOutput }));
  return run(['start', '--folder', 'home'], io, services);
}

describe('longshore start', () => {
  it('keeps the logins of the first start, sets no password anew, and closes both', async () => {
    const first = standInServices();
    const { code, out } = await start(first.services);
    expect(code).toBe(0);
    const saved = join(folder, 'home', 'credentials.json');
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    const { dev, prod } = JSON.parse(readFileSync(saved, 'utf8')) as Record<string, { password: string }>;
    expect(first.configs.map(({ name, adminPassword, sample }) => ({ name, adminPassword, sample }))).toEqual([
      { name: 'dev', adminPassword: dev?.password, sample: 'tutorial' },
      { name: 'prod', adminPassword: prod?.password, sample: 'tutorial-prod' },
    ]);
    expect(new Set(first.configs.map(({ storageLocation }) => storageLocation)).size).toBe(1);
    expect(out).toContain(`Administrator, password ${dev?.password}`);
    expect(out).toContain(`Administrator, password ${prod?.password}`);
    expect(first.closed.toSorted()).toEqual(['dev', 'prod']);
  });

  it('prints the saved logins again', async () => {
    mkdirSync(join(folder, 'home', 'dev'), { recursive: true });
    mkdirSync(join(folder, 'home', 'prod'), { recursive: true });
    for (const name of ['dev', 'prod']) writeFileSync(join(folder, 'home', name, 'metadata.sqlite'), '');
    const login = { username: 'Administrator', password: 'kept' };
    writeFileSync(join(folder, 'home', 'credentials.json'), JSON.stringify({ dev: login, prod: login }));
    const second = standInServices();
    const quiet: Services = {
      ...second.services,
      startServer: async (config) => ({ ...(await second.services.startServer(config)), generatedPassword: null }),
    };
    const { out } = await start(quiet);
    expect(second.configs.map(({ adminPassword }) => adminPassword)).toEqual([null, null]);
    expect(out.match(/password kept/g)).toHaveLength(2);
  });

  it('refuses damaged logins instead of making others', async () => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'home', 'credentials.json'), '{"dev":');
    const { code, err } = await run(['start', '--folder', 'home'], recordingIo({ cwd: folder }), noServices);
    expect(code).toBe(3);
    expect(err).toContain('credentials.json is damaged');
  });

  it('takes any port when the usual one is in use', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as { port: number };
    const other = await portOrAny(port, '127.0.0.1');
    expect(other).toBeGreaterThan(0);
    expect(other).not.toBe(port);
    await new Promise((resolve) => busy.close(resolve));
    expect(await portOrAny(port, '127.0.0.1')).toBe(port);
  });
});

const object = (id: string, fields: object = {}): string =>
  `${JSON.stringify({ kind: 'object', id, type: 12, name: id, parentId: 'F', version: 'V1', definition: {}, ...fields })}\n`;

describe('longshore demo', () => {
  const before = object('YEAR') + object('8D679D5111D3E4981000E787EC6DE8A4', { name: 'Year' });
  const after = object('YEAR') + object('8D679D5111D3E4981000E787EC6DE8A4', { name: 'Year', definition: { new: 1 } });

  it('shows the whole walk, and leaves nothing behind', async () => {
    const { services, closed, configs } = standInServices(() => ({ dump: before, dumpAfterImport: after }));
    const { code, out, err } = await run(['demo'], recordingIo(), services);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const call of ['POST /api/migrations ', 'PUT /api/migrations/', 'DELETE /api/migrations?packageId=']) {
      expect(out).toContain(call);
    }
    expect(out).toContain('replaced 1: Year');
    expect(out).toContain('the same bytes as before the import');
    expect(out).toContain('undo_success');
    expect(closed.toSorted()).toEqual(['dev', 'prod']);
    expect(configs.every(({ port, dataDirectory }) => port === 0 && !existsSync(dirname(dataDirectory)))).toBe(true);
  });

  it.each([
    { what: 'the package', options: { createFails: 'Object X has vanished.' }, says: 'Object X has vanished.' },
    { what: 'the import', options: { importFails: 'Metric Y needs Z.' }, says: 'Metric Y needs Z.' },
    { what: 'the undo', options: { undoFails: 'Report W uses it.' }, says: 'Report W uses it.' },
    { what: 'an import without effect', options: { dumpAfterImport: before }, says: 'changed nothing' },
  ])('ends with 3 and the reason when it fails: $what', async ({ options, says }) => {
    const { services, closed } = standInServices(() => ({ dump: before, dumpAfterImport: after, ...options }));
    const { code, err } = await run(['demo'], recordingIo(), services);
    expect(code).toBe(3);
    expect(err).toContain(says);
    expect(closed).toHaveLength(2);
  });
});
