import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anAttribute, expectStatus, ModelingServer } from '../builders/modeling-server.ts';

let server: ModelingServer;
beforeEach(async () => {
  server = await ModelingServer.start();
});
afterEach(async () => server.close());

const respondAsync = { Prefer: 'respond-async' };
const EVERYTHING = { updateTypes: ['table_key', 'entry_level', 'logical_size', 'clear_element_cache'] };

interface Task {
  readonly id: string;
  readonly status: string;
}

const journaledReloads = () =>
  server.platform.metadata.reader
    .selectFrom('journal_transaction')
    .selectAll()
    .where('kind', '=', 'reload-schema')
    .execute();

describe('reloading the schema', () => {
  it('is done when it answers', async () => {
    const response = await server.call('POST /model/schema/reload', { body: EVERYTHING });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    const [reload] = await journaledReloads();
    expect(JSON.parse(reload?.summary ?? '{}')).toEqual({
      projectId: server.project,
      updates: ['recal_table_keys_fact_entry_level', 'recal_table_logical_size', 'update_schema_logical_info'],
    });
    expectStatus(await server.call('POST /model/schema/reload', { body: { updateTypes: [] } }), 200);
  });

  it('computes the sizes and keys of tables from the attributes on them', async () => {
    const table = await server.createTable('LU_CITY', 'CITY_ID');
    const attribute = await server.create('attributes', anAttribute('City', table, 'CITY_ID'));
    expectStatus(await server.call('POST /model/schema/reload', { body: EVERYTHING }), 200);
    const state = await server.platform.metadata.reader.selectFrom('table_state').selectAll().execute();

    expect(state).toEqual([
      {
        project_id: server.project,
        table_id: table.information.objectId,
        logical_size: 10,
        table_key: JSON.stringify([attribute.information.objectId]),
      },
    ]);
  });

  it('is a task for those who do not wait', async () => {
    const response = await server.call('POST /model/schema/reload', { body: EVERYTHING, headers: respondAsync });
    const task = expectStatus(response, 202).json<Task>();
    expect(task).toEqual({
      id: expect.stringMatching(/^[0-9A-F]{32}$/),
      task: 'reloadSchema',
      startTime: '2026-01-15T09:30:00.000Z',
      status: 'running',
    });
    await server.reloads.drain();
    expect((await server.call(`GET /model/tasks/${task.id}`)).json()).toEqual({
      ...task,
      endTime: '2026-01-15T09:30:00.000Z',
      status: 'completed',
    });
    expect(await journaledReloads()).toHaveLength(1);
  });

  it('that fails is a failed task, and changes nothing', async () => {
    await server.platform.metadata.write((tx) => tx.schema.dropTable('journal_transaction').execute());
    const before = await server.platform.metadata.reader.selectFrom('scope_revision').selectAll().execute();
    const response = await server.call('POST /model/schema/reload', { body: EVERYTHING, headers: respondAsync });
    await server.reloads.drain();
    const task = (await server.call(`GET /model/tasks/${response.json<Task>().id}`)).json<Task>();

    expect(task).toMatchObject({ status: 'failed', errors: [{ code: 'ERR001', message: expect.any(String) }] });
    expect(await server.platform.metadata.reader.selectFrom('scope_revision').selectAll().execute()).toEqual(before);
  });

  it('that a stop has interrupted is failed after the next start', async () => {
    const task = { id: 'AB'.repeat(16), kind: 'reloadSchema', project_id: server.project, user_id: 'u', started_at: 0 };
    await server.platform.library.write((tx) =>
      tx
        .insertInto('model_task')
        .values({ ...task, ended_at: null, status: 'running', errors: '[]' })
        .execute(),
    );
    server = await server.restart();
    expect((await server.call(`GET /model/tasks/${task.id}`)).json()).toMatchObject({
      status: 'failed',
      errors: [{ message: expect.stringContaining('Start it again') }],
    });
  });

  it('is refused while another session holds the lock, not to the one that holds it', async () => {
    const token = await server.login();
    expectStatus(
      await server.call('POST /model/schema/lock', { token, body: { lockType: 'absolute_individual' } }),
      201,
    );
    const foreign = await server.call('POST /model/schema/reload', { body: EVERYTHING });
    const own = await server.call('POST /model/schema/reload', { token, body: EVERYTHING });
    expect([foreign.statusCode, own.statusCode]).toEqual([409, 200]);
  });

  it('asks for its kinds, the privilege and a project; tasks belong to who started them', async () => {
    const visitor = await server.addUser('vera', []);
    const calls = [
      await server.call('POST /model/schema/reload', { body: {} }),
      await server.call('POST /model/schema/reload', { body: { updateTypes: ['all'] } }),
      await server.call('POST /model/schema/reload', { body: EVERYTHING, project: false }),
      await server.call('POST /model/schema/reload', { body: EVERYTHING, project: 'AB'.repeat(16) }),
      await server.call('POST /model/schema/reload', { body: EVERYTHING, token: visitor }),
      await server.call('GET /model/tasks/none'),
    ];
    expect(calls.map((call) => call.statusCode)).toEqual([400, 400, 400, 404, 403, 404]);

    const response = await server.call('POST /model/schema/reload', { body: EVERYTHING, headers: respondAsync });
    const url = `GET /model/tasks/${response.json<Task>().id}`;
    await server.reloads.drain();
    expect((await server.call(url, { token: visitor })).statusCode).toBe(404);
    server.platform.clock.advanceSeconds(24 * 60 * 60 + 1);
    const token = await server.login();
    await server.call('POST /model/schema/reload', { token, body: EVERYTHING, headers: respondAsync });
    await server.reloads.drain();
    expect((await server.call(url, { token })).statusCode).toBe(404);
  });
});

describe('languages', () => {
  const french = {
    kind: 'object',
    projectId: null,
    id: 'FE'.repeat(16),
    type: 45,
    name: 'French (France)',
    dateModified: '2021-12-13T04:46:25.000+0000',
    definition: { lcid: 1036 },
    acl: [{ trusteeId: 'C82C6B1011D2894CC0009D9F29718E4F', rights: 199, deny: false, inheritable: false }],
  };

  it('are the base languages, and English with the language objects of the configuration', async () => {
    const base = (await server.call('GET /iserver/baseLanguages')).json<{ baseLocales: object[] }>();
    expect(base.baseLocales).toContainEqual({ languageGroup: 'English', lcid: 1033, name: 'English (United States)' });

    const [english] = (await server.call('GET /languages')).json<{ languages: { id: string; lcid: number }[] }>()
      .languages;
    const ofProject = await server.call(`GET /projects/${server.project}/languages`);
    expect(english?.lcid).toBe(1033);
    expect(ofProject.json()).toMatchObject({ metadata: { default: english?.id } });

    const body = JSON.stringify(french);
    expectStatus(
      await server.call('POST /longshore/metadata', { body, headers: { 'content-type': 'application/x-ndjson' } }),
      200,
    );
    const visitor = await server.addUser('vera', []);
    const { languages } = (await server.call('GET /languages', { token: visitor })).json<{ languages: object[] }>();
    expect(languages).toHaveLength(2);
    expect(languages[1]).toEqual({
      name: 'French (France)',
      id: french.id,
      baseLangLcid: 0,
      lcid: 1036,
      owner: { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator' },
      lastModified: french.dateModified,
      acg: 199,
    });
    expect((await server.call(`GET /languages/${french.id.toLowerCase()}`)).json()).toMatchObject({ lcid: 1036 });
    expect((await server.call('GET /languages/none')).statusCode).toBe(404);
  });
});
