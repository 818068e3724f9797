import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import { aMetricLine, aProjectLine, grant, idOf, PROJECT_ID, usesDefinition } from '../builders/objects.ts';

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  const hidden = { acl: [grant('9'.repeat(32), 255)] };
  await api.load([
    aProjectLine(),
    aMetricLine('Revenue'),
    aMetricLine('Profit', ['Revenue'], { uses: [{ id: idOf('Revenue'), type: 4 }] }),
    aMetricLine('Secret', [], hidden),
  ]);
});
afterAll(() => api.close());

const definition = (name: string, more: Partial<CallOptions> = {}) =>
  api.call({ url: `/longshore/objects/${idOf(name)}/definition?type=4`, projectId: PROJECT_ID, ...more });

describe('the definition of an object', () => {
  it('is shown as it is stored, with what it uses besides', async () => {
    const response = await definition('Profit');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      id: idOf('Profit'),
      type: 4,
      definition: usesDefinition(['Revenue']),
      uses: [{ id: idOf('Revenue'), type: 4 }],
    });
  });

  it('is for those who may read the object', async () => {
    expect((await definition('Revenue', { as: aCaller() })).statusCode).toBe(200);
    expect((await definition('Secret', { as: aCaller() })).statusCode).toBe(403);
    expect((await definition('Unknown')).statusCode).toBe(404);
  });
});
