import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestOf, objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { RawUpload, formBody } from '../builders/raw-upload.ts';
import {
  FILES,
  announce,
  announcement,
  aStorageServer,
  formOf,
  listed,
  sha256,
  upload,
  withPrivileges,
  type StorageServer,
} from '../builders/storage-server.ts';

let server: StorageServer;
let bytes: Buffer;

beforeAll(async () => {
  server = await aStorageServer();
  bytes = (await pack(objectsOf(300))).file;
});
afterAll(() => server.close());

const APPLY = 296;
const ADMINISTER = 1001;

describe('an uploaded package', () => {
  it('is announced, uploaded, listed, downloaded and deleted', async () => {
    const announced = await server.call('POST', FILES, { json: announcement(bytes) });
    const { guid } = /(?<guid>[0-9A-F]{32})\.mmp$/.exec(announced.body.path)?.groups ?? {};
    expect(announced.status).toBe(200);
    expect(announced.body).toEqual({
      id: Buffer.from(`migrations.packages:${guid}`).toString('base64'),
      type: 'migrations.packages',
      name: 'Year',
      path: `mstr/shared/migrations/packages/2026-01-15/${guid}.mmp`,
      sha256: sha256(bytes),
      existing: false,
      size: bytes.length,
      extension: 'mmp',
      creator: { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator' },
      environment: { id: 'https://dev/MicroStrategyLibrary/', name: 'dev' },
      creationDate: '2026-01-15T09:30:00.000+0000',
      lastUpdatedDate: '2026-01-15T09:30:00.000+0000',
      extraInfo: {
        packageId: expect.stringMatching(/^[0-9A-F]{32}$/),
        packageType: 'project',
        packagePurpose: 'object_migration',
      },
    });
    const { id } = announced.body;
    expect(await listed(server, id)).toEqual(announced.body);
    expect(await server.fileNames()).toEqual([]);

    server.platform.clock.advanceSeconds(60);
    const uploaded = await upload(server, id, bytes);
    expect([uploaded.status, uploaded.body]).toEqual([
      200,
      { ...announced.body, existing: true, lastUpdatedDate: '2026-01-15T09:31:00.000+0000' },
    ]);
    expect(await listed(server, id)).toEqual(uploaded.body);
    expect(await server.fileNames()).toEqual([`${guid}.mmp`]);

    const response = await fetch(`${server.url}/api${FILES}/${id}/binary`, {
      headers: { 'x-mstr-authtoken': server.token },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream;charset=ISO-8859-1',
      'content-disposition': 'attachment; filename=Year.mmp',
      'content-length': String(bytes.length),
    });

    const deleted = await server.call('DELETE', `${FILES}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect([await server.fileNames(), await listed(server, id)]).toEqual([[], undefined]);
    expect((await server.call('DELETE', `${FILES}/${id}`)).status).toBe(404);
  });

  it('may be far larger than other bodies', async () => {
    const { file } = await pack(objectsOf(30, 400_000));
    expect(file.length).toBeGreaterThan(8 * 1024 * 1024);
    const { id } = await announce(server, file);
    expect(await upload(server, id, file)).toMatchObject({ status: 200, body: { existing: true, size: file.length } });
    await server.call('DELETE', `${FILES}/${id}`);
  });

  it('goes by the name that it carries when it is announced without one', async () => {
    const { id, ...announced } = await announce(server, bytes, { name: null });
    expect(announced).not.toHaveProperty('name');
    expect((await upload(server, id, bytes)).body.name).toBe('Year with dependents');
    await server.call('DELETE', `${FILES}/${id}`);
  });

  it.each([
    ['a type and a file name', 'form-data; name="file"; filename="Year.mmp"\r\nContent-Type: application/x-tar'],
    ['no type', 'form-data; name="file"; filename="file"'],
    ['neither a type nor a file name', 'form-data; name="file"'],
    ['a text type', 'form-data; name="file"\r\nContent-Type: text/plain; charset=utf-8'],
  ])('comes in a part with %s', async (_case, disposition) => {
    const { id } = await announce(server, bytes);
    const body = formBody(bytes, disposition);
    const raw = await RawUpload.begin(server, encodeURIComponent(id), body.length);
    raw.send(body);
    expect(await raw.answers()).toContain('HTTP/1.1 200 OK');
    raw.socket.destroy();
    await server.call('DELETE', `${FILES}/${id}`);
  });

  it('may come with fields, without a length, and over the other address', async () => {
    const { id } = await announce(server, bytes, {
      extraInfo: { packageType: 'project', packagePurpose: 'migration_from_shared_file_store', packageId: null },
      environment: 'http://127.0.0.1/MicroStrategyLibrary',
    });
    const form = new FormData();
    form.append('comment', 'before');
    form.append('file', new Blob([new Uint8Array(bytes)]), 'Year.mmp');
    form.append('comment', 'after');
    const encoded = new Response(form);
    const response = await fetch(`${server.url}/MicroStrategyLibrary/api${FILES}/${id}/binary`, {
      method: 'PUT',
      headers: {
        'x-mstr-authtoken': server.token,
        'content-type': encoded.headers.get('content-type') ?? '',
      },
      body: encoded.body,
      duplex: 'half',
    });
    expect(response.status).toBe(200);
    await server.call('DELETE', `${FILES}/${id}`);
  });

  it('is not replaced; only when its bytes are lost it can be uploaded again', async () => {
    const { id, path } = await announce(server, bytes);
    await upload(server, id, bytes);
    const again = await upload(server, id, bytes);
    expect([again.status, again.body.code]).toEqual([400, 'ERR006']);
    expect(again.body.message).toContain(id);
    expect(again.body.message).toContain('existing is true');

    await server.storage.files.remove(path as never);
    expect(await listed(server, id)).toMatchObject({ existing: false });
    const lost = await server.call('GET', `${FILES}/${id}/binary`);
    expect([lost.status, lost.body.code]).toEqual([404, 'ERR004']);
    expect((await upload(server, id, bytes)).status).toBe(200);
    await server.call('DELETE', `${FILES}/${id}`);
  });

  it.each([
    ['a configuration package', 'configuration', 'object_migration'],
    ['a project merge', 'project', 'project_merge'],
    ['a member of a group', 'project', 'migration_group_child'],
  ] as const)('may be %s', async (_case, type, purpose) => {
    const { project, ...manifest } = manifestOf({ type, purpose });
    const { file } = await pack(objectsOf(1), type === 'configuration' ? manifest : { ...manifest, project });
    const packagePurpose = purpose === 'project_merge' ? purpose : 'object_migration';
    const { id } = await announce(server, file, { extraInfo: { packageType: type, packagePurpose } });
    expect((await upload(server, id, file)).status).toBe(200);
    await server.call('DELETE', `${FILES}/${id}`);
  });
});

describe('the list', () => {
  it('has pages, the newest file first', async () => {
    const list = await aStorageServer();
    const ids: string[] = [];
    for (const name of ['A', 'B', 'C']) {
      list.platform.clock.advanceSeconds(1);
      ids.unshift((await announce(list, bytes, { name })).id);
    }
    const page = async (query: string): Promise<[number, string[]]> => {
      const { body } = await list.call('GET', `${FILES}?type=migrations.packages${query}`);
      return [body.total, body.data.map((file) => file.id)];
    };
    expect(await page('')).toEqual([3, ids]);
    expect(await page('&offset=1&limit=1')).toEqual([3, [ids[1]]]);
    expect(await page('&limit=-1')).toEqual([3, ids]);
    expect(await page('&offset=3')).toEqual([3, []]);
    expect(await page('&limit=0')).toEqual([3, []]);
    await list.close();
  });

  it.each([
    ['', 'ERR005', 'type'],
    ['?type=reports', 'ERR006', "'reports'"],
    ['?type=migrations.packages&offset=-1', 'ERR006', 'offset'],
    ['?type=migrations.packages&limit=1001', 'ERR006', 'limit'],
    ['?type=migrations.packages&limit=-2', 'ERR006', 'limit'],
    ['?type=migrations.packages&limit=ten', 'ERR006', 'limit'],
  ])('refuses the query "%s"', async (query, code, named) => {
    const { status, body } = await server.call('GET', `${FILES}${query}`);
    expect([status, body.code]).toEqual([400, code]);
    expect(body.message).toContain(named);
  });
});

describe('who may do what', () => {
  it.each([
    ['POST', '', [APPLY, ADMINISTER]],
    ['PUT', '/id/binary', [APPLY, ADMINISTER]],
    ['DELETE', '/id', [APPLY, ADMINISTER]],
    ['GET', '?type=migrations.packages', [APPLY]],
    ['GET', '/id/binary', [APPLY]],
  ])('%s %s', async (method, path, needed) => {
    const { id } = await announce(server, bytes);
    const call = (as: 'nobody' | ReturnType<typeof withPrivileges>) =>
      server.call(method, `${FILES}${path.replace('id', id)}`, {
        as,
        ...(method === 'POST' ? { json: announcement(bytes) } : {}),
        ...(method === 'PUT' ? { body: formOf(bytes) } : {}),
      });
    expect(await call('nobody')).toMatchObject({ status: 401, body: { code: 'ERR009' } });
    for (const missing of needed) {
      const others = [APPLY, ADMINISTER, 295].filter((privilege) => privilege !== missing);
      const refused = await call(withPrivileges(...others));
      expect([refused.status, refused.body.code]).toEqual([403, 'ERR014']);
      expect(refused.body.message).toMatch(/^You do not have .+ privilege\(s\) to perform the task\.$/);
    }
    expect((await call(withPrivileges(...needed))).status).not.toBe(403);
    await server.call('DELETE', `${FILES}/${id}`);
  });
});
