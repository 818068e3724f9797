import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { RawUpload, formBody } from '../builders/raw-upload.ts';
import {
  FILES,
  announce,
  announcement,
  aStorageServer,
  formOf,
  refusal,
  upload,
  type StorageServer,
} from '../builders/storage-server.ts';

let server: StorageServer;
let bytes: Buffer;

beforeAll(async () => {
  server = await aStorageServer();
  bytes = (await pack(objectsOf(300))).file;
});
afterAll(() => server.close());

describe('two at a time', () => {
  it('a second upload and a deletion wait for the first upload', async () => {
    const { id } = await announce(server, bytes);
    const body = formBody(bytes);
    const raw = await RawUpload.begin(server, id, body.length);
    raw.send(body.subarray(0, 1000));
    await expect.poll(() => server.fileNames()).toHaveLength(1);
    expect(refusal(await upload(server, id, bytes))).toEqual([
      409,
      'ERR006',
      expect.stringContaining('being uploaded'),
    ]);
    expect((await server.call('DELETE', `${FILES}/${id}`)).status).toBe(409);
    raw.send(body.subarray(1000));
    expect(await raw.answers()).toContain('HTTP/1.1 200 ');
    raw.socket.destroy();
    expect((await server.call('DELETE', `${FILES}/${id}`)).status).toBe(204);
    expect(await server.fileNames()).toEqual([]);
  });

  it('a file is not deleted while it is imported', async () => {
    const { id, path } = await announce(server, bytes);
    await upload(server, id, bytes);
    const { library } = server.platform;
    const importing = (status: string) =>
      library.write((tx) => tx.updateTable('migration_import').set({ status }).execute());
    await library.write(async (tx) => {
      const dates = { creation_date: '', last_updated_date: '' };
      const common = { environment: '{}', progress: 0, message: '', ...dates };
      await tx
        .insertInto('package')
        .values({
          ...common,
          id: 'P',
          name: '',
          type: 'project',
          purpose: '',
          replicated: 1,
          creator: '{}',
          storage_path: path,
          storage_size: 1,
          project: null,
          status: 'locked',
          warnings: '[]',
          deleted: 0,
          existing: 1,
          certification: null,
        })
        .execute();
      await tx
        .insertInto('migration_import')
        .values({
          ...common,
          id: 'I',
          package_id: 'P',
          creator: null,
          project: null,
          status: 'importing',
          import_request_status: 'approved',
          undo_request_status: 'pending',
          undo_path: null,
          undo_size: null,
          validation: null,
        })
        .execute();
    });
    const refused = await server.call('DELETE', `${FILES}/${id}`);
    expect(refusal(refused)).toEqual([409, 'ERR006', expect.stringContaining(path)]);
    await importing('imported');
    expect((await server.call('DELETE', `${FILES}/${id}`)).status).toBe(204);
  });
});

describe('an announcement that cannot be', () => {
  it.each<[string, unknown, string]>([
    ['type', 'reports', 'body.type'],
    ['extension', 'zip', 'body.extension'],
    ['size', 0, 'body.size'],
    ['size', -1, 'body.size'],
    ['size', 1.5, 'body.size'],
    ['size', '5', 'body.size'],
    ['size', 2 ** 31 + 1, '2147483648 at most'],
    ['sha256', 'abc', 'body.sha256'],
    ['sha256', 'g'.repeat(64), 'body.sha256'],
    ['name', 5, 'body.name'],
    ['environment', 7, 'body.environment'],
    ['extraInfo', { packageType: 'report', packagePurpose: 'object_migration' }, 'body.extraInfo.packageType'],
    ['extraInfo', { packageType: 'project', packagePurpose: 'fun' }, 'body.extraInfo.packagePurpose'],
    ['extraInfo', {}, 'packageType'],
    ...['type', 'extension', 'size', 'sha256', 'environment', 'extraInfo'].map((field): [string, unknown, string] => [
      field,
      undefined,
      field,
    ]),
  ])('%s: %o', async (field, value, named) => {
    const answer = await server.call('POST', FILES, { json: announcement(bytes, { [field]: value }) });
    expect(refusal(answer)).toEqual([400, 'ERR006', expect.stringContaining(named)]);
  });

  it('2 GB are allowed, and no more than this server takes', async () => {
    const { id } = await announce(server, bytes, { size: 2 ** 31 });
    await server.call('DELETE', `${FILES}/${id}`);
    const small = await aStorageServer({ maxPackageBytes: bytes.length });
    await announce(small, bytes);
    const answer = await small.call('POST', FILES, { json: announcement(bytes, { size: bytes.length + 1 }) });
    expect(refusal(answer)).toEqual([400, 'ERR006', expect.stringContaining(`${bytes.length} at most`)]);
    await small.close();
  });

  it('more files than are kept, also when they are announced at once', async () => {
    const few = await aStorageServer({ maxUploadedPackages: 2 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => few.call('POST', FILES, { json: announcement(bytes) })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 400, 400, 400, 400]);
    const refused = await few.call('POST', FILES, { json: announcement(bytes) });
    expect(refusal(refused)).toEqual([400, 'ERR006', expect.stringContaining('2 uploaded packages')]);
    await few.call('DELETE', `${FILES}/${answers.find(({ status }) => status === 200)?.body.id}`);
    await announce(few, bytes);
    await few.close();
  });
});

describe('a file that is unknown', () => {
  const unknown = Buffer.from(`migrations.packages:${'0'.repeat(32)}`).toString('base64');
  it.each([
    unknown,
    unknown.replaceAll('=', '%3D'),
    unknown.slice(0, -1),
    Buffer.from(`reports:${'0'.repeat(32)}`).toString('base64'),
    Buffer.from(`migrations.packages:${'0'.repeat(31)}`).toString('base64'),
    'nonsense',
    '..%2F..%2Fetc%2Fpasswd',
  ])('%s', async (id) => {
    for (const [method, path] of [
      ['GET', '/binary'],
      ['PUT', '/binary'],
      ['DELETE', ''],
    ] as const) {
      const body = method === 'PUT' ? { body: formOf(bytes) } : {};
      const answer = await server.call(method, `${FILES}/${id}${path}`, body);
      expect(refusal(answer)).toEqual([404, 'ERR004', expect.stringMatching(/^The file with id .+ is not found/)]);
    }
  });
});
