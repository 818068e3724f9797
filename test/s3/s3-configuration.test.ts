import { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import type { S3Place } from '../../packages/server/src/platform/files/s3/s3-place.ts';
import { aS3Server, S3_KEYS, S3_REGION, type S3Server } from '../builders/s3-server.ts';
import {
  FILES,
  STORAGE,
  announce,
  aStorageServer,
  listed,
  refusal,
  upload,
  type Answer,
  type ServerOptions,
  type StorageServer,
} from '../builders/storage-server.ts';

let s3: S3Server;
let buckets = 0;

beforeAll(async () => {
  s3 = await aS3Server();
});
afterAll(() => s3.close());

async function aPlace(prefix = ''): Promise<S3Place> {
  buckets += 1;
  return s3.place(`configured-${buckets}`, prefix);
}

async function start(options: ServerOptions = {}): Promise<StorageServer> {
  const server = await aStorageServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** As a client sends it. */
const settingsOf = ({ bucket, endpoint }: S3Place, changes: object = {}) => ({
  type: 'S3',
  location: bucket,
  s3Region: S3_REGION,
  s3Endpoint: endpoint,
  awsAccessId: S3_KEYS.accessKeyId,
  awsSecretKey: S3_KEYS.secretAccessKey,
  ...changes,
});

const patch = (server: StorageServer, sharedFileStore: unknown): Promise<Answer> =>
  server.call('PATCH', STORAGE, { json: { sharedFileStore } });
const validate = (server: StorageServer, sharedFileStore: unknown): Promise<Answer> =>
  server.call('POST', `${STORAGE}/validation`, { json: { sharedFileStore } });
const get = async (server: StorageServer): Promise<Record<string, unknown>> =>
  (await server.call('GET', STORAGE)).body.sharedFileStore;

async function keysIn({ bucket, endpoint }: S3Place): Promise<string[]> {
  const client = new S3Client({
    endpoint: endpoint ?? '',
    region: S3_REGION,
    credentials: S3_KEYS,
    forcePathStyle: true,
  });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  client.destroy();
  return Contents.map(({ Key = '' }) => Key);
}

describe('a bucket in the storage configuration', () => {
  it('is tried, taken into use at once, and used after a restart; its secret is nowhere', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const server = await start({ log });
    const place = await aPlace();
    expect(await validate(server, settingsOf(place))).toMatchObject({ status: 204, text: '' });
    expect(await patch(server, settingsOf(place, { location: `s3://${place.bucket}/team/a` }))).toMatchObject({
      status: 204,
    });
    const shown = {
      type: 'S3',
      location: `s3://${place.bucket}/team/a`,
      s3Region: S3_REGION,
      s3Endpoint: place.endpoint,
      awsAccessId: S3_KEYS.accessKeyId,
      configured: true,
    };
    expect(await get(server)).toEqual(shown);
    expect(await keysIn(place)).toEqual([]);

    const { file } = await pack(objectsOf(3));
    const { id, path } = await announce(server, file);
    expect(await upload(server, id, file)).toMatchObject({ status: 200, body: { existing: true } });
    expect(await keysIn(place)).toEqual([`team/a/${path}`]);
    const downloaded = await server.call('GET', `${FILES}/${id}/binary`);
    expect([downloaded.status, downloaded.text.length > 0]).toEqual([200, true]);

    await server.stop();
    const later = await start({ after: server, log });
    expect(await get(later)).toEqual(shown);
    expect(await listed(later, id)).toMatchObject({ existing: true });
    expect((await later.call('DELETE', `${FILES}/${id}`)).status).toBe(204);
    expect(await keysIn(place)).toEqual([]);
    const folder = later.platform.directory;
    const kept = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    for (const text of [...kept, ...lines]) expect(text).not.toContain(S3_KEYS.secretAccessKey);
  });

  it('takes what is left open from the flags and the AWS environment of the server', async () => {
    const place = await aPlace();
    vi.stubEnv('AWS_ACCESS_KEY_ID', S3_KEYS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', S3_KEYS.secretAccessKey);
    onTestFinished(() => void vi.unstubAllEnvs());
    const s3Defaults = { region: S3_REGION, endpoint: place.endpoint, addressing: null };
    const server = await start({ s3: s3Defaults, initialLocation: `s3://${place.bucket}/x` });
    expect(await get(server)).toEqual({ type: 'S3', location: `${place.bucket}/x`, configured: true });
    const { file } = await pack(objectsOf(1));
    const { id, path } = await announce(server, file);
    expect((await upload(server, id, file)).status).toBe(200);
    expect(await keysIn(place)).toEqual([`x/${path}`]);
    expect((await patch(server, { type: 'S3', location: place.bucket })).status).toBe(204);
    expect(await listed(server, id)).toMatchObject({ existing: false });
  });

  it.each<[string, (place: S3Place) => object, string]>([
    ['a missing bucket', () => ({ location: 'there-is-none' }), "there is no bucket 'there-is-none' at http://127"],
    ['an unknown key', () => ({ awsAccessId: 'nobody' }), 'are not accepted by http://127'],
    ['a wrong secret', () => ({ awsSecretKey: 'wrong' }), '(SignatureDoesNotMatch). Correct them'],
    ['a server that is away', () => ({ s3Endpoint: 'http://127.0.0.1:1' }), 'cannot be reached by this server'],
    ['no keys anywhere', () => ({ awsAccessId: '', awsSecretKey: '' }), 'finds no AWS credentials on its machine'],
  ])('is refused with %s, and the storage in use stays', async (_case, changes, message) => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await start();
    const place = await aPlace();
    for (const call of [validate, patch]) {
      const refused = await call(server, settingsOf(place, changes(place)));
      expect(refusal(refused)).toEqual([400, 'ERR006', expect.stringContaining(message)]);
      expect(refused.text).not.toContain(S3_KEYS.secretAccessKey);
    }
    expect(await get(server)).toMatchObject({ type: 'file_system', location: server.location });
    expect(await keysIn(place)).toEqual([]);
  });

  it('that is away later is told by what needs it, and comes back by itself', async () => {
    const own = await aS3Server();
    onTestFinished(() => own.close());
    const server = await start();
    expect((await patch(server, settingsOf(await own.place('kept')))).status).toBe(204);
    await own.kill();
    const { file } = await pack(objectsOf(1));
    expect(await get(server)).toMatchObject({ configured: false });
    await expect(announce(server, file)).rejects.toThrow('The Storage Service is not configured properly');
    await own.start();
    expect(await get(server)).toMatchObject({ configured: true });
    expect(await announce(server, file)).toMatchObject({ existing: false });
  });

  it('holds what another environment has put there', async () => {
    const place = await aPlace('shared');
    const server = await start();
    expect((await patch(server, settingsOf(place, { location: `${place.bucket}/shared` }))).status).toBe(204);
    const { file } = await pack(objectsOf(2));
    const { id, path } = await announce(server, file);
    await upload(server, id, file);
    const other = new S3Store({ place, instanceId: 'other' });
    const { stream, size } = await other.openRead(path as never);
    expect([Buffer.concat(await stream.toArray()).equals(file), size]).toEqual([true, file.length]);
  });
});
