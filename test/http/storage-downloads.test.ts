import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { downloadRoutes } from '../../packages/server/src/features/migrations/index.ts';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { anAdministrator } from '../builders/api.ts';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { createBody, created, expectStatus, imported, moveUndo, read } from '../builders/migration-walk.ts';
import { withPrivileges } from '../builders/storage-server.ts';

let world: World;
let source: DownloadServer;
let target: DownloadServer;

/** The downloads of an environment, listening. */
interface DownloadServer {
  readonly environment: TestEnvironment;
  readonly port: number;
  /** Every stream of the store that was opened. */
  readonly opened: readonly Readable[];
  get(path: string, as?: Caller | null): Promise<Response>;
  close(): Promise<void>;
}

async function serve(environment: TestEnvironment): Promise<DownloadServer> {
  const opened: Readable[] = [];
  const files = Object.assign(Object.create(environment.files) as FileStore, {
    async openRead(path: never) {
      const found = await environment.files.openRead(path);
      opened.push(found.stream);
      return found;
    },
    stat: (path: never) => environment.files.stat(path),
  });
  let caller: Caller | null = null;
  const app: FastifyInstance = createApp({
    ids: environment.platform.ids,
    logger: false,
    authenticate: async () => caller,
  });
  addApiRoutes(app, downloadRoutes({ platform: environment.platform, files }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    environment,
    port,
    opened,
    get(path, as = anAdministrator()) {
      caller = as;
      return fetch(`http://127.0.0.1:${port}/api${path}`, { headers: { 'x-mstr-authtoken': 'any' } });
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

beforeAll(async () => {
  world = await createWorld();
  source = await serve(await world.start('source'));
  target = await serve(await world.start('target'));
});
afterAll(async () => {
  await source.close();
  await target.close();
  await world.close();
});

const idsOf = (id: string): [string, string] => id.split(':') as [string, string];

async function bodyOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

async function refusalOf(response: Response): Promise<[number, string, string]> {
  const { code, message } = (await response.json()) as { code: string; message: string };
  return [response.status, code, message];
}

async function stored(environment: TestEnvironment, path: string | undefined): Promise<Buffer> {
  const { stream } = await environment.files.openRead(parseStorePath(path ?? ''));
  return buffer(stream);
}

describe('the file of a package', () => {
  it('is downloaded from the environment that made it and from the one that imported it', async () => {
    const id = await imported(source.environment, target.environment, { name: 'Käufe & "Söhne"\r\n.mmp' });
    const [packageId] = idsOf(id);
    const { packageInfo } = await read(source.environment, id);
    const expected = await stored(source.environment, packageInfo.storage.path);
    for (const server of [source, target]) {
      const response = await server.get(`/migrations/packages/${packageId.toLowerCase()}/binary`);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/octet-stream;charset=ISO-8859-1',
        'content-disposition': 'attachment; filename=Kaufe_Sohne.mmp',
        'content-length': String(expected.length),
      });
      expect((await bodyOf(response)).equals(expected)).toBe(true);
    }
  });

  it('is there in no other state than created and locked', async () => {
    const { environment } = source;
    const body = createBody(target.environment.id);
    const { id } = await expectStatus(environment.call('POST', '/migrations', { body, project: TUTORIAL }), 201);
    const path = `/migrations/packages/${idsOf(id)[0]}/binary`;
    const state = (status: string): unknown[] => [400, 'ERR006', expect.stringContaining(`is '${status}'`)];
    expect(await refusalOf(await source.get(path))).toEqual(state('creating'));
    await environment.runner.fail('The disk is full.');
    expect(await refusalOf(await source.get(path))).toEqual(state('create_failed'));
  });

  it('is for those who may apply packages in its own project, whatever the header says', async () => {
    const id = await created(source.environment, target.environment.id);
    const path = `/migrations/packages/${idsOf(id)[0]}/binary`;
    const withRoleIn = (home: string): Caller => ({
      ...anAdministrator(),
      isAdministrator: false,
      hasPrivilege: (_privilege, projectId) => projectId === home,
    });
    expect((await source.get(path, withRoleIn(OTHER_PROJECT))).status).toBe(403);
    expect((await source.get(path, withRoleIn(TUTORIAL))).status).toBe(200);
  });

  it('is missed when it was deleted', async () => {
    const id = await created(source.environment, target.environment.id);
    const [packageId] = idsOf(id);
    const path = `/migrations/packages/${packageId}/binary`;
    const { packageInfo } = await read(source.environment, id);
    await source.environment.files.remove(parseStorePath(packageInfo.storage.path ?? ''));
    expect(await refusalOf(await source.get(path))).toEqual([404, 'ERR004', expect.stringContaining(packageId)]);
    await source.environment.call('DELETE', `/migrations?packageId=${packageId}`);
    expect(await refusalOf(await source.get(path))).toEqual([404, 'ERR004', expect.stringContaining('not found')]);
  });

  it.each(['0'.repeat(32), 'nonsense', '..%2Fx'])('is missed for the unknown id %s', async (id) => {
    for (const kind of ['packages', 'imports']) {
      const [status, code, message] = await refusalOf(await source.get(`/migrations/${kind}/${id}/binary`));
      expect([status, code]).toEqual([404, 'ERR004']);
      expect(message).not.toBe('HTTP 404 Not Found');
    }
  });

  it('takes the privilege Apply package', async () => {
    for (const kind of ['packages', 'imports']) {
      const path = `/migrations/${kind}/${'0'.repeat(32)}/binary`;
      expect((await source.get(path, null)).status).toBe(401);
      const [status, code] = await refusalOf(await source.get(path, withPrivileges(295, 1001)));
      expect([status, code]).toEqual([403, 'ERR014']);
      expect((await source.get(path, withPrivileges(296))).status).toBe(404);
    }
  });
});

describe('the undo package of an import', () => {
  it('is downloaded on the target, until the undo', async () => {
    const id = await imported(source.environment, target.environment, { name: 'Year' });
    const path = `/migrations/imports/${idsOf(id)[1]}/binary`;
    const { importInfo } = await read(target.environment, id);
    const response = await target.get(path);
    expect([response.status, response.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename=Year_undo.mmp',
    ]);
    const expected = await stored(target.environment, importInfo.undoStorage.path);
    expect((await bodyOf(response)).equals(expected)).toBe(true);
    expect(await refusalOf(await source.get(path))).toEqual([
      404,
      'ERR004',
      expect.stringContaining('no undo package'),
    ]);

    await expectStatus(moveUndo(target.environment, id, 'requested'), 200);
    await target.environment.call('DELETE', `/migrations?packageId=${idsOf(id)[0]}`);
    expect((await target.get(path)).status).toBe(404);
  });
});

describe('a client that goes away', () => {
  it('lets go of the file', async () => {
    const id = await created(source.environment, target.environment.id);
    const { packageInfo } = await read(source.environment, id);
    const { file } = await pack(objectsOf(40, 2_000_000));
    const pending = await source.environment.files.create(parseStorePath(packageInfo.storage.path ?? ''));
    await new Promise<void>((resolve) => void pending.stream.end(file, resolve));
    await pending.commit();

    await source.get('/migrations/packages/0/binary');
    const socket: Socket = connect(source.port, '127.0.0.1');
    await once(socket, 'connect');
    const path = `/api/migrations/packages/${idsOf(id)[0]}/binary`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-MSTR-AuthToken: any\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString('latin1')).toContain('200 OK');
    socket.pause();
    const stream = source.opened.at(-1);
    expect([stream?.readableEnded, stream?.destroyed]).toEqual([false, false]);
    socket.resetAndDestroy();
    await expect.poll(() => stream?.closed).toBe(true);
    expect(stream?.readableEnded).toBe(false);
  });
});
