import { DASHBOARD_TYPE, PROJECT, ROOT_ID } from '../data.ts';
import { BareServer } from '../load/bare-server.ts';
import type { Target } from '../load/http-load.ts';
import { startLoad } from '../load/run-load.ts';
import type { BenchServer, Measured } from '../server.ts';
import { createPackage } from '../migration.ts';
import type { BenchCase } from './case.ts';

const CONNECTIONS = 16;
const WARM_UP_SECONDS = 1;
const SECONDS = 3;

async function requestsIn(target: Target, seconds: number): Promise<number> {
  const { requests } = await startLoad({ kind: 'closed', target, connections: CONNECTIONS, seconds }).end();
  return requests;
}

/**
 * Requests a second, and CPU time of the server for each. Whoever sends them is busier than the framework alone, whose
 * requests a second are therefore less than it could answer: its CPU time is what to compare with.
 */
interface Rate {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const rateOf = (requests: number, cpu: number): Rate => ({
  perSecond: requests / SECONDS,
  cpuMicros: (cpu / requests) * 1e6,
});

async function measured(
  server: BenchServer,
  target: Target,
): Promise<{ readonly rate: Rate; readonly taken: Measured }> {
  await requestsIn(target, WARM_UP_SECONDS);
  const { result, ...taken } = await server.measure(() => requestsIn(target, SECONDS));
  return { rate: rateOf(result, taken.cpu), taken };
}

/** The framework alone with the same answer. */
async function bare(target: Target): Promise<Rate> {
  const { url, ...request } = target;
  await using server = await BareServer.start(await (await fetch(url, request)).text());
  const same = { ...request, url: server.url };
  await requestsIn(same, WARM_UP_SECONDS);
  const before = await server.cpu();
  const requests = await requestsIn(same, SECONDS);
  return rateOf(requests, (await server.cpu()) - before);
}

async function targets(server: BenchServer): Promise<Record<'status' | 'object' | 'login', Target>> {
  const { id } = await createPackage(server);
  const headers = { 'x-mstr-authtoken': await server.token(), 'x-mstr-projectid': PROJECT.id };
  return {
    status: { url: `${server.url}/api/migrations/${id}`, method: 'GET', headers },
    object: { url: `${server.url}/api/objects/${ROOT_ID}?type=${DASHBOARD_TYPE}`, method: 'GET', headers },
    login: {
      url: `${server.url}/api/auth/login`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(server.credentials),
    },
  };
}

/** Logins, polls of a record, and reads of an object, in requests a second, beside a server that only answers. */
export const requestsCase: BenchCase = {
  name: 'requests',
  isAbout: 'requests',
  async run(workspace) {
    workspace.copy(await workspace.loaded('new'), 'requests');
    await using server = await workspace.start('requests');
    const details: Record<string, number> = {};
    const all: Measured[] = [];
    for (const [name, target] of Object.entries(await targets(server))) {
      const { rate, taken } = await measured(server, target);
      const floor = await bare(target);
      all.push(taken);
      details[`${name}PerSecond`] = rate.perSecond;
      details[`${name}CpuMicros`] = rate.cpuMicros;
      details[`${name}BarePerSecond`] = floor.perSecond;
      details[`${name}BareCpuMicros`] = floor.cpuMicros;
    }
    return { ...together(all), objects: workspace.objects, bytes: 0, details };
  },
};

function together(all: readonly Measured[]): Measured {
  const sum = (key: keyof Measured): number => all.reduce((total, taken) => total + taken[key], 0);
  const most = (key: keyof Measured): number => all.reduce((largest, taken) => Math.max(largest, taken[key]), 0);
  return {
    wall: sum('wall'),
    cpu: sum('cpu'),
    peakMemory: most('peakMemory'),
    delayP99: most('delayP99'),
    delayMax: most('delayMax'),
  };
}
