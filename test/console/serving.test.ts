import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@longshore/server';
import { registerConsolePages } from '../../packages/server/src/features/console/console-pages.ts';
import { aConfig, PASSWORD } from '../e2e/two-environments.ts';

const PROD = { name: 'prod', url: 'https://prod.example.com/MicroStrategyLibrary', production: true };
const FRIEND = 'https://dev.example.com';

let folder: string;
let server: RunningServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-console-'));
  const console = { production: false, environments: [PROD], allowedOrigins: [FRIEND] };
  server = await startServer(aConfig(folder, { name: 'dev', console }));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.address}${path}`, init);

describe('the pages of the console', () => {
  it.each(['/console/', '/console/migrations', '/console/migrations/AA:BB?status=failed'])(
    'are one page at %s, never kept, with a strict content security policy',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).toContain("connect-src 'self' https://prod.example.com;");
      expect(policy).not.toContain('unsafe');
      expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|style=/);
    },
  );

  it('name files that never change', async () => {
    const page = await (await get('/console/')).text();
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
    const response = await get(script);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('do not stand in for a file that is missing', async () => {
    expect((await get('/console/assets/index-gone.js')).status).toBe(404);
    expect(await (await get('/console/..%2fpackage.json')).text()).not.toContain('@longshore');
  });

  it('are found from below the Library path, and without the slash', async () => {
    expect((await get('/console')).status).toBe(200);
    const response = await get('/MicroStrategyLibrary/console/migrations?text=a', { redirect: 'manual' });
    expect(response.headers.get('location')).toBe('/console/migrations?text=a');
    const doubled = await get('/MicroStrategyLibrary//console/migrations', { redirect: 'manual' });
    expect(doubled.headers.get('location')).toBe('/console/migrations');
  });

  it('say how to build them where they have not been built', async () => {
    const empty = join(folder, 'empty/');
    await mkdir(empty, { recursive: true });
    const app = Fastify();
    registerConsolePages(app, { environments: [] }, empty);
    const response = await app.inject({ url: '/console/migrations' });
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('npm run build:console');
    await app.close();
  });

  it('are those of the given folder', async () => {
    const built = join(folder, 'built/');
    await mkdir(built, { recursive: true });
    await writeFile(join(built, 'index.html'), '<!doctype html><title>Built</title>');
    const app = Fastify();
    registerConsolePages(app, { environments: [] }, built);
    expect((await app.inject({ url: '/console/anything' })).body).toContain('Built');
    await app.close();
  });
});

describe('other environments', () => {
  it('are named before the sign-in', async () => {
    const response = await get('/api/longshore/console');
    expect(await response.json()).toEqual({
      self: { name: 'dev', url: server.url, production: false },
      others: [PROD],
    });
  });

  it('may call from an allowed origin: with the token header, without cookies, and refusals can be read', async () => {
    const preflight = await get('/api/migrations', {
      method: 'OPTIONS',
      headers: {
        origin: FRIEND,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-mstr-authtoken,x-mstr-projectid,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const login = await get('/api/auth/login', {
      method: 'POST',
      headers: { origin: FRIEND, 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'Administrator', password: PASSWORD }),
    });
    expect(login.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('x-mstr-authtoken');
    const refused = await get('/api/migrations', { headers: { origin: FRIEND } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(FRIEND);
  });

  it('get nothing from any other origin', async () => {
    for (const origin of ['https://evil.example.com', `${FRIEND}.evil.example.com`, 'null', 'http://dev.example.com']) {
      const response = await get('/api/status', { headers: { origin } });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
