import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import type { StorageDriver } from '../../packages/server/src/features/storage/storage-driver.ts';
import { openStorage } from '../../packages/server/src/features/storage/index.ts';
import { packagePath } from '../../packages/server/src/platform/files/store-path.ts';
import { FilesystemStore } from '../../packages/server/src/platform/files/filesystem-store.ts';
import {
  FILES,
  STORAGE,
  aFolder,
  announce,
  announcement,
  aStorageServer,
  filesUnder,
  listed,
  refusal,
  upload,
  withPrivileges,
  type Answer,
  type ServerOptions,
  type StorageServer,
} from '../builders/storage-server.ts';

const running: StorageServer[] = [];

async function start(options: ServerOptions = {}): Promise<StorageServer> {
  const server = await aStorageServer(options);
  running.push(server);
  return server;
}

async function restart(server: StorageServer, options: ServerOptions = {}): Promise<StorageServer> {
  await server.stop();
  running.splice(running.indexOf(server), 1);
  return start({ ...options, after: server });
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const get = async (server: StorageServer): Promise<Record<string, unknown>> =>
  (await server.call('GET', STORAGE)).body.sharedFileStore;
const patch = (server: StorageServer, sharedFileStore: unknown): Promise<Answer> =>
  server.call('PATCH', STORAGE, { json: { sharedFileStore } });
const validate = (server: StorageServer, sharedFileStore: unknown): Promise<Answer> =>
  server.call('POST', `${STORAGE}/validation`, { json: { sharedFileStore } });

describe('the storage configuration', () => {
  it('shows where the store is, and whether it can be used', async () => {
    const server = await start();
    expect(await get(server)).toEqual({ type: 'file_system', location: server.location, configured: true });
    const none = await start({ initialLocation: null });
    expect(await get(none)).toEqual({ type: 'unset', configured: false });
    const gone = await start({ initialLocation: join(server.location, 'gone') });
    expect(await get(gone)).toEqual({
      type: 'file_system',
      location: join(server.location, 'gone'),
      configured: false,
    });
  });

  it('is read in any session, and changed with Administer environment only', async () => {
    const server = await start();
    const json = { sharedFileStore: { type: 'file_system', location: server.location } };
    expect((await server.call('GET', STORAGE, { as: withPrivileges() })).status).toBe(200);
    expect((await server.call('GET', STORAGE, { as: 'nobody' })).status).toBe(401);
    for (const [method, path] of [
      ['PATCH', STORAGE],
      ['POST', `${STORAGE}/validation`],
    ] as const) {
      expect((await server.call(method, path, { json, as: 'nobody' })).status).toBe(401);
      const refused = await server.call(method, path, { json, as: withPrivileges(295, 296) });
      expect([refused.status, refused.body.code]).toEqual([403, 'ERR014']);
      expect((await server.call(method, path, { json, as: withPrivileges(1001) })).status).toBe(204);
    }
  });

  it('takes another folder into use at once, and for the next start', async () => {
    const server = await start();
    const { file } = await pack(objectsOf(3));
    const { id } = await announce(server, file);
    await upload(server, id, file);
    const other = await aFolder(server, 'other');
    expect(
      await patch(server, { type: 'file_system', alias: 'Second', location: other, configured: true }),
    ).toMatchObject({
      status: 204,
      text: '',
    });
    expect(await get(server)).toEqual({ type: 'file_system', alias: 'Second', location: other, configured: true });
    expect(await server.storage.place()).toEqual({ kind: 'folder', location: other });
    // What lies in the old place cannot be reached, and is reached again when it is back.
    expect(await listed(server, id)).toMatchObject({ existing: false });
    const second = await announce(server, file);
    await upload(server, second.id, file);
    expect([await filesUnder(other), await server.fileNames()].map((names) => names.length)).toEqual([1, 1]);

    const later = await restart(server);
    expect(await get(later)).toEqual({ type: 'file_system', alias: 'Second', location: other, configured: true });
    expect(await later.storage.place()).toEqual({ kind: 'folder', location: other });
    expect(await listed(later, second.id)).toMatchObject({ existing: true });
    expect((await patch(later, { location: later.location })).status).toBe(204);
    expect(await get(later)).toMatchObject({ alias: 'Second', location: later.location });
    expect(await listed(later, id)).toMatchObject({ existing: true });
  });

  it('is merged: what is left out or null stays, what is empty goes', async () => {
    const server = await start();
    await patch(server, { alias: 'First' });
    await patch(server, { location: server.location, alias: null, awsSecretKey: null, s3Region: null });
    expect(await get(server)).toEqual({
      type: 'file_system',
      alias: 'First',
      location: server.location,
      configured: true,
    });
    await patch(server, { alias: '' });
    expect(await get(server)).not.toHaveProperty('alias');
  });

  it('is followed by the other servers of the environment, for requests and for jobs', async () => {
    const server = await start();
    // Another server on the same databases, as several may share one in PostgreSQL.
    const sibling = await openStorage(server.platform, {
      dataDirectory: server.platform.directory,
      instanceId: 'sibling',
      initialLocation: server.location,
      maxPackageBytes: 2 ** 31,
      maxUploadedPackages: 1000,
      platformVersion: '11.6.0700.00001',
    });
    const other = await aFolder(server, 'other');
    expect((await patch(server, { location: other })).status).toBe(204);
    expect(await sibling.place()).toEqual({ kind: 'folder', location: other });
    const pending = await sibling.files.create(packagePath('2026-03-16', '35958BEB7C56491C9A43F7661501E177'));
    pending.stream.end('content');
    await pending.commit();
    expect(await filesUnder(other)).toEqual(['35958BEB7C56491C9A43F7661501E177.mmp']);
  });

  it('keeps changes apart that are made at once', async () => {
    const server = await start();
    const other = await aFolder(server, 'other');
    await Promise.all([patch(server, { location: other }), patch(server, { alias: 'Both' })]);
    expect(await get(server)).toMatchObject({ location: other, alias: 'Both' });
  });
});

describe('a storage that cannot be used', () => {
  it.each<[string, (server: StorageServer) => Promise<unknown>, string]>([
    ['no folder', async () => ({ type: 'file_system', location: '' }), 'location is required'],
    ['a relative path', async () => ({ type: 'file_system', location: 'packages' }), 'absolute path'],
    ['a path with NUL', async () => ({ location: '/tmp\0' }), 'without NUL'],
    ['a missing folder', async (server) => ({ location: join(server.location, 'missing') }), 'does not exist'],
    ['a file', async (server) => ({ location: await aFile(server.location, 'a-file') }), 'is not a folder'],
    [
      'a path below a file',
      async (server) => ({ location: join(await aFile(server.location, 'b'), 'c') }),
      'does not exist',
    ],
    ['a folder that cannot be written', aBlockedFolder, 'cannot be read and written'],
    ['a bucket without its name', async () => ({ type: 'S3' }), 'location is required'],
    [
      'a bucket with a bad name',
      async () => ({ type: 'S3', location: 'Some_Bucket' }),
      '"Some_Bucket" must start with',
    ],
    ['a bucket with a way out', async () => ({ type: 'S3', location: 's3://bucket/a/../b' }), 'must have a prefix'],
    [
      'an endpoint that is none',
      async () => ({ ...ABSENT_SERVER, s3Endpoint: 'ftp://host' }),
      's3Endpoint "ftp://host"',
    ],
    [
      'an endpoint with a path',
      async () => ({ ...ABSENT_SERVER, s3Endpoint: 'http://a/b' }),
      'must be an address such',
    ],
    ['a key without its secret', async () => ({ ...ABSENT_SERVER, awsSecretKey: '' }), 'awsSecretKey is required'],
    ['a secret without its key', async () => ({ ...ABSENT_SERVER, awsAccessId: '' }), 'awsAccessId is required'],
    ['a server that is away', async () => ABSENT_SERVER, 'http://127.0.0.1:1 cannot be reached by this server'],
    ['Azure', async () => ({ type: 'Azure', location: 'container', azureSecretKey: 'S' }), 'no driver'],
    ['GCS', async () => ({ type: 'GCS', location: 'b', gcsServiceAccountKey: { private_key: 'S' } }), 'no driver'],
    ['unset', async () => ({ type: 'unset' }), "'unset'"],
    ['unknown', async () => ({ type: 'unknown' }), "'unknown'"],
    ['another type', async () => ({ type: 'ftp' }), 'body.sharedFileStore.type'],
    ['a number', async () => ({ location: 5 }), 'body.sharedFileStore.location'],
    ['nothing', async () => undefined, 'sharedFileStore'],
  ])('%s is refused, and the one in use stays', async (_case, make, message) => {
    const server = await start();
    const before = await get(server);
    const settings = await make(server);
    for (const call of [validate, patch]) {
      expect(refusal(await call(server, settings))).toEqual([400, 'ERR006', expect.stringContaining(message)]);
    }
    expect(await get(server)).toEqual(before);
    expect(await server.storage.place()).toEqual({ kind: 'folder', location: server.location });
  });

  it('is told by the calls that need it, and not before', async () => {
    const server = await start({ initialLocation: null });
    const refused = await server.call('POST', FILES, { json: announcement(Buffer.from('x')) });
    expect(refusal(refused)).toEqual([
      500,
      'ERR001',
      'The Storage Service is not configured properly, please contact your administrator to configure Storage Service',
    ]);
    expect((await server.call('GET', `${FILES}?type=migrations.packages`)).status).toBe(200);
    await expect(server.storage.place()).rejects.toThrow('not configured properly');
    expect(refusal(await patch(server, { alias: 'x' }))).toEqual([
      400,
      'ERR006',
      expect.stringContaining('file_system'),
    ]);
    expect((await patch(server, { type: 'file_system', location: server.location })).status).toBe(204);
    expect((await server.call('POST', FILES, { json: announcement(Buffer.from('x')) })).status).toBe(200);
  });

  it('is only tried by a validation', async () => {
    const server = await start();
    const other = await aFolder(server, 'other');
    expect(await validate(server, { type: 'file_system', location: other })).toMatchObject({ status: 204, text: '' });
    expect(await get(server)).toMatchObject({ location: server.location });
  });
});

/** Nothing listens on port 1. */
const ABSENT_SERVER = {
  type: 'S3',
  location: 'bucket',
  s3Endpoint: 'http://127.0.0.1:1',
  awsAccessId: 'A',
  awsSecretKey: 'S',
};

async function aFile(folder: string, name: string): Promise<string> {
  await writeFile(join(folder, name), '');
  return join(folder, name);
}

/** Something stands where the store would put its files. */
async function aBlockedFolder(server: StorageServer): Promise<unknown> {
  const location = await aFolder(server, 'blocked');
  await writeFile(join(location, 'mstr'), '');
  return { location };
}

/** A driver as one for S3 would be: it needs its secret. It keeps the files in a folder. */
function aBucketDriver(folder: string): StorageDriver & { readonly seen: (string | undefined)[] } {
  const seen: (string | undefined)[] = [];
  return {
    seen,
    async findProblem(settings) {
      return (await settings.secret('awsSecretKey')) === undefined
        ? 'sharedFileStore.awsSecretKey is required.'
        : undefined;
    },
    async place(settings) {
      const secretAccessKey = (await settings.secret('awsSecretKey')) ?? '';
      const credentials = { accessKeyId: settings.plain.awsAccessId ?? '', secretAccessKey };
      const [endpoint, addressing] = [null, 'virtual'] as const;
      return { kind: 's3', bucket: 'bucket', prefix: '', region: 'eu-west-1', endpoint, addressing, credentials };
    },
    async open(settings) {
      seen.push(await settings.secret('awsSecretKey'));
      return new FilesystemStore({ location: folder, instanceId: 'dev' });
    },
  };
}

describe('a secret', () => {
  const SECRET = 'wJalrXUtnFEMI-secret';

  async function startWithBucket(options: ServerOptions = {}) {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const server = await start({ ...options, log });
    const driver = aBucketDriver(server.location);
    return { lines, log, driver, server: await restart(server, { drivers: { S3: driver }, log }) };
  }
  const settings = { type: 'S3', location: 'bucket', s3Region: 'eu-west-1', awsAccessId: 'AKIA', awsSecretKey: SECRET };
  const shown = { type: 'S3', location: 'bucket', s3Region: 'eu-west-1', awsAccessId: 'AKIA', configured: true };

  it('reaches the driver, is sealed on disk, and is never shown or logged', async () => {
    const { server, driver, lines, log } = await startWithBucket();
    const folder = server.platform.directory;
    const keyFile = join(folder, 'storage-secrets.key');
    expect((await validate(server, settings)).status).toBe(204);
    expect(await readdir(folder)).not.toContain('storage-secrets.key');
    const answer = await patch(server, settings);
    expect([answer.status, driver.seen]).toEqual([204, [SECRET]]);
    const { text } = await server.call('GET', STORAGE);
    expect(JSON.parse(text)).toEqual({ sharedFileStore: shown });
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    // The threads of jobs open the store on their own, with the secret.
    expect(await server.storage.place()).toMatchObject({ credentials: { secretAccessKey: SECRET } });

    const later = await restart(server, { drivers: { S3: driver }, log });
    expect(driver.seen).toEqual([SECRET, SECRET]);
    expect(await get(later)).toEqual(shown);
    const kept = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    const row = await later.platform.library.reader.selectFrom('setting').selectAll().executeTakeFirstOrThrow();
    expect(row.value).toContain('awsSecretKey');
    expect(lines.length).toBeGreaterThan(0);
    for (const place of [...kept, ...lines, answer.text, text]) expect(place).not.toContain(SECRET);
  });

  it('stays when it is left out, goes when it is empty, and never outlives its type', async () => {
    const { server, driver } = await startWithBucket();
    await patch(server, settings);
    expect((await patch(server, { s3Region: 'us-east-1', awsSecretKey: null })).status).toBe(204);
    expect(driver.seen).toEqual([SECRET, SECRET]);
    expect(refusal(await patch(server, { awsSecretKey: '' }))).toEqual([
      400,
      'ERR006',
      expect.stringContaining('required'),
    ]);
    expect((await patch(server, { type: 'file_system', location: server.location })).status).toBe(204);
    expect(await get(server)).toEqual({ type: 'file_system', location: server.location, configured: true });
    expect((await patch(server, { ...settings, awsSecretKey: null })).status).toBe(400);
  });

  it('that cannot be opened leaves the server running, without a store', async () => {
    const { server, driver, lines, log } = await startWithBucket();
    await patch(server, settings);
    await writeFile(join(server.platform.directory, 'storage-secrets.key'), `${Buffer.alloc(32).toString('base64')}\n`);
    const later = await restart(server, { drivers: { S3: driver }, log });
    expect((await later.call('POST', FILES, { json: announcement(Buffer.from('x')) })).status).toBe(500);
    expect(lines.join('')).toContain('The configured storage cannot be opened');
    expect(await get(later)).toEqual({ ...shown, configured: false });
    const refused = await patch(later, { s3Region: 'us-east-1' });
    expect(refusal(refused)).toEqual([400, 'ERR006', expect.stringContaining('Send them again')]);
    expect((await patch(later, settings)).status).toBe(204);
    expect(await get(later)).toEqual(shown);
  });
});
