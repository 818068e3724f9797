import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DASHBOARD_TYPE, PROJECT, ROOT_ID } from '../data.ts';
import type { Target } from '../load/http-load.ts';
import { startLoad } from '../load/run-load.ts';
import type { BenchServer } from '../server.ts';
import type { BenchCase } from './case.ts';
import { createPackage } from '../migration.ts';

const CONNECTIONS = 16;
const SECONDS = 3;
const BARE = fileURLToPath(new URL('../load/bare-fastify.ts', import.meta.url));

async function perSecond(target: Target): Promise<number> {
  const load = { kind: 'closed', target, connections: CONNECTIONS } as const;
  await startLoad({ ...load, seconds: 1 }).end();
  const { requests } = await startLoad({ ...load, seconds: SECONDS }).end();
  return requests / SECONDS;
}

/** The framework alone with the same answer. */
async function barePerSecond(target: Target): Promise<number> {
  const body = await (await fetch(target.url, { headers: target.headers })).text();
  const child = fork(BARE, [body], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [url] = (await once(child, 'message')) as [string];
  const rate = await perSecond({ url: `${url}/`, method: 'GET', headers: target.headers });
  const exit = once(child, 'exit');
  child.send('close');
  await exit;
  return rate;
}

async function targets(server: BenchServer): Promise<Record<'status' | 'object', Target>> {
  const { id } = await createPackage(server);
  const headers = { 'x-mstr-authtoken': await server.token(), 'x-mstr-projectid': PROJECT.id };
  return {
    status: { url: `${server.url}/api/migrations/${id}`, method: 'GET', headers },
    object: { url: `${server.url}/api/objects/${ROOT_ID}?type=${DASHBOARD_TYPE}`, method: 'GET', headers },
  };
}

/** Logins, polls of a record, and reads of an object, in requests a second, beside a server that only answers. */
export const requestsCase: BenchCase = {
  name: 'requests',
  async run(workspace) {
    workspace.copy(await workspace.loaded('new'), 'requests');
    await using server = await workspace.start('requests');
    const { status, object } = await targets(server);
    const login: Target = {
      url: `${server.url}/api/auth/login`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(server.credentials),
    };
    const { result, ...measured } = await server.measure(async () => ({
      statusPerSecond: await perSecond(status),
      bareForStatus: await barePerSecond(status),
      objectPerSecond: await perSecond(object),
      bareForObject: await barePerSecond(object),
      loginPerSecond: await perSecond(login),
    }));
    return { ...measured, objects: workspace.objects, bytes: 0, details: result };
  },
};
