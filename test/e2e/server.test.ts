import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES } from '@longshore/contracts';
import { startServer } from '@longshore/server';
import { isOnPostgres } from '../builders/databases.ts';
import { aConfig, PASSWORD, PROJECT, twoEnvironments, YEAR, type TwoEnvironments } from './two-environments.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-server-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function login(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'Administrator', password: PASSWORD }),
  });
  const body = (await response.json()) as Record<string, string>;
  expect(body['X-MSTR-AuthToken']).toBe(response.headers.get('x-mstr-authtoken'));
  return { 'x-mstr-authtoken': body['X-MSTR-AuthToken'] ?? '', 'x-mstr-projectid': PROJECT };
}

describe('a database that cannot be used', () => {
  it('is told to every caller, and the status still answers', async () => {
    const nowhere = isOnPostgres ? { database: 'postgres://longshore@127.0.0.1:1/nowhere' } : {};
    const config = aConfig(folder, { name: 'broken', ...nowhere });
    await mkdir(config.dataDirectory, { recursive: true });
    await writeFile(join(config.dataDirectory, 'library.sqlite'), 'this is not a database, however long it may be');
    const server = await startServer(config);
    try {
      expect((await fetch(`${server.url}/api/status`)).status).toBe(200);
      const response = await fetch(`${server.url}/api/migrations`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'ERR016', message: MESSAGES.databaseUnavailable });
    } finally {
      await server.close();
    }
  });
});

describe('a storage location that cannot be used', () => {
  it('is told when a package is to be made, and works again when it is back', async () => {
    const config = aConfig(folder, { name: 'stored', sample: 'tutorial', storageLocation: join(folder, 'a-file') });
    await writeFile(config.storageLocation, 'a file where a folder should be');
    const server = await startServer(config);
    try {
      const headers = { ...(await login(server.url)), 'content-type': 'application/json' };
      const create = (): Promise<Response> =>
        fetch(`${server.url}/api/migrations`, {
          method: 'POST',
          headers,
          body: JSON.stringify(createBody(server.url)),
        });
      const refused = await create();
      expect(refused.status).toBe(500);
      expect(await refused.json()).toMatchObject({ code: 'ERR001', message: MESSAGES.storageMisconfigured });
      await rm(config.storageLocation);
      await mkdir(config.storageLocation);
      expect((await create()).status).toBe(201);
    } finally {
      await server.close();
    }
  });
});

describe('a first start', () => {
  it('that fails leaves no password behind that nobody has seen', async () => {
    const taken = await startServer(aConfig(folder, { name: 'taken' }));
    const config = aConfig(folder, { name: 'first', adminPassword: null });
    await expect(startServer({ ...config, port: Number(new URL(taken.address).port) })).rejects.toThrow('EADDRINUSE');
    await taken.close();
    const server = await startServer(config);
    expect(server.generatedPassword).toMatch(/^[0-9a-v]{26}$/);
    const body = JSON.stringify({ username: 'Administrator', password: server.generatedPassword });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${server.url}/api/auth/login`, { method: 'POST', headers, body })).status).toBe(200);
    await server.close();
    const again = await startServer(config);
    expect(again.generatedPassword).toBeNull();
    await again.close();
  });

  it.skipIf(process.platform === 'win32')('makes databases that only their owner can read', async () => {
    const config = aConfig(folder, { name: 'private' });
    await mkdir(config.dataDirectory, { recursive: true, mode: 0o755 });
    const server = await startServer(config);
    for (const name of await readdir(config.dataDirectory)) {
      expect([name, (await stat(join(config.dataDirectory, name))).mode & 0o077]).toEqual([name, 0]);
    }
    await server.close();
  });
});

const createBody = (url: string): unknown => ({
  packageInfo: {
    type: 'project',
    name: 'One object',
    environment: { id: url, name: 'dev' },
    tocView: {
      settings: { defaultAction: 'replace' },
      content: [{ id: YEAR, type: 12, action: 'replace' }],
    },
  },
  importInfo: {},
});

describe('a running server', () => {
  let pair: TwoEnvironments;
  beforeAll(async () => {
    pair = await twoEnvironments();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  it('stands under both prefixes', async () => {
    for (const prefix of ['/api', '/MicroStrategyLibrary/api']) {
      expect((await fetch(`${pair.dev.running.address}${prefix}/status`)).status).toBe(200);
    }
  });

  it('describes itself with the operation ids of the original', async () => {
    const document = (await (await fetch(`${pair.dev.running.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map((operation) => operation.operationId);
    expect(ids).toEqual(
      expect.arrayContaining([
        'createMigration',
        'triggerImport',
        'updateMigration',
        'getMigration',
        'getMigrationList',
        'deletePackage',
      ]),
    );
    expect(ids.filter((id, index) => id === undefined || ids.indexOf(id) !== index)).toEqual([]);
  });

  it('shows the document as a page', async () => {
    const page = await fetch(`${pair.dev.running.address}/api-docs/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
  });

  it('keeps a session over a restart', async () => {
    const config = aConfig(folder, { name: 'restarted' });
    const first = await startServer(config);
    const headers = await login(first.url);
    await first.close();
    const second = await startServer(config);
    try {
      expect((await fetch(`${second.url}/api/sessions`, { headers })).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('does not take the token of another environment', async () => {
    const headers = await login(pair.dev.running.url);
    const response = await fetch(`${pair.prod.running.url}/api/migrations`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'ERR009' });
  });

  it('answers what it does not have as clients expect it', async () => {
    const headers = await login(pair.dev.running.url);
    const response = await fetch(`${pair.dev.running.url}/api/nothing/here`, { headers });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'ERR004', message: 'HTTP 404 Not Found' });
  });

  it('says whether it is ready', async () => {
    const response = await fetch(`${pair.dev.running.address}/healthz`);
    expect(await response.json()).toEqual({ status: 'ready', metadata: true, library: true, storage: true });
  });
});
