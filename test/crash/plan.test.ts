import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type LibraryClient, type Migration } from '@longshore/client';
import { generateProject } from '@longshore/samples';
import { freePort, KillableServer, PASSWORD } from './killable-server.ts';

/** Kills a server at points spread over the making of a plan; one environment is source and target. */
const ROUNDS = Math.ceil(Number(process.env['ROUNDS'] ?? 120) / 15);
const OBJECTS = 4_000;
const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';

let folder: string;
let server: KillableServer;
let client: LibraryClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-crash-'));
  server = new KillableServer('dev', folder, await freePort());
  await server.start();
  client = await loggedIn();
  const lines = [...generateProject({ objects: OBJECTS, seed: 1, projectId: PROJECT })];
  await client.metadata.load(new Blob([lines.join('\n')]).stream());
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function loggedIn(): Promise<LibraryClient> {
  const fresh = createClient({ baseUrl: server.url });
  await fresh.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  return fresh;
}

/** The whole project, which is merged into itself. */
async function wholeProject(): Promise<Migration> {
  const environment = { id: server.url, name: 'dev' };
  const body = {
    packageInfo: {
      type: 'project',
      purpose: 'project_merge',
      name: 'Crash test',
      environment,
      tocView: { settings: { defaultAction: 'force_replace', aclOnNewObjects: [] } },
      treeView: {},
    },
    importInfo: { environment, project: { id: PROJECT, name: 'Project' } },
  } as const;
  const { id } = await client.migrations.create(body, { projectId: PROJECT });
  await client.migrations.waitFor(id, ({ packageInfo }) => packageInfo.status !== 'creating');
  return client.migrations.get(id, { show: 'all' });
}

const begin = async (record: Migration): Promise<string> =>
  (await client.plans.create(record, { projectId: PROJECT })).id;
const state = async (id: string): Promise<{ status: string; message: string }> => client.plans.get(id);
const fingerprint = async (): Promise<string> =>
  (await client.metadata.fingerprint({ projectId: PROJECT })).fingerprint;

describe(`a server that is killed ${ROUNDS} times while it plans`, () => {
  it('says of each plan how it ended, and nothing of the project is another', async () => {
    const before = await fingerprint();
    const record = await wholeProject();
    const begun = performance.now();
    const whole = await client.plans.waitFor(await begin(record));
    expect(whole).toMatchObject({ status: 'planned', message: '' });
    const usual = performance.now() - begun;

    const ended: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await begin(record);
      await new Promise((resolve) => setTimeout(resolve, (usual * 1.1 * round) / ROUNDS));
      await server.kill();
      await server.start();
      client = await loggedIn();
      const { status, message } = await state(id);
      ended[status] = (ended[status] ?? 0) + 1;
      if (status === 'failed') expect(message).toContain('restart');
      else expect((await client.plans.objects(id)).total).toBe(whole.result?.total);
      expect(await fingerprint()).toBe(before);
    }
    process.stdout.write(`Killed ${ROUNDS} times; plans ended as ${JSON.stringify(ended)}.\n`);
    expect(ended['planning']).toBeUndefined();
    expect(ended['failed']).toBeGreaterThan(0);
  });
});
