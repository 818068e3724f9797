import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultProjectId, tutorialFile } from '@longshore/samples';
import { MODEL_RESOURCES } from '../../packages/server/src/features/modeling/model-resources.ts';
import { expectStatus, ModelingServer, type ShownModel } from '../builders/modeling-server.ts';

/** The Tutorial project, whose objects are of the size and shape that real ones have. */
let server: ModelingServer;
beforeAll(async () => {
  server = await ModelingServer.start();
  const body = await readFile(tutorialFile('dev'), 'utf8');
  expectStatus(
    await server.call('POST /longshore/metadata', { body, headers: { 'content-type': 'application/x-ndjson' } }),
    200,
  );
});
afterAll(async () => server.close());

const inTutorial = { project: defaultProjectId };

async function idsOf(resource: (typeof MODEL_RESOURCES)[number]): Promise<string[]> {
  const rows = await server.platform.metadata.reader
    .selectFrom('object')
    .select('id')
    .where('scope', '=', defaultProjectId)
    .where('subtype', 'in', [...resource.subtypes])
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

it.each([
  'attributes',
  'facts',
  'tables',
  'hierarchies',
  'transformations',
  'metrics',
  'filters',
  'prompts',
  'customGroups',
  'consolidations',
  'securityFilters',
  'reports',
])('reads all %s, and sending one back as it was read changes nothing', async (path) => {
  const resource = MODEL_RESOURCES.find((known) => known.path === path) as (typeof MODEL_RESOURCES)[number];
  const ids = await idsOf(resource);
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) {
    const shown = await server.read(path, id, inTutorial);
    const put = await server.call(`PUT /model/${path}/${id}`, { ...inTutorial, body: shown });
    expect(expectStatus(put, 200).json<ShownModel>(), id).toEqual(shown);
  }
});
