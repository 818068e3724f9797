import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { randomIds } from '../ids.ts';
import { addApiRoutes, createApp, type AppOptions } from './app.ts';

const BODY = { type: 'object', required: ['count'], properties: { count: { type: 'integer' } } } as const;

/** An app with one route under each prefix, and how often the schema of the route was looked at. */
async function startApp(warmUp: AppOptions['warmUp']): Promise<{ app: FastifyInstance; reads: () => number }> {
  let reads = 0;
  const schema = {
    ...BODY,
    get description() {
      reads += 1;
      return `Read for a test ${warmUp}`;
    },
  };
  const app = createApp({
    ids: randomIds,
    logger: false,
    authenticate: async () => null,
    ...(warmUp ? { warmUp } : {}),
  });
  addApiRoutes(app, (scope) => {
    scope.post('/counts', { config: { access: { kind: 'public' } }, schema: { body: schema } }, async () => ({
      ok: true,
    }));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { app, reads: () => reads };
}

const post = (app: FastifyInstance, count: unknown) =>
  app.inject({ method: 'POST', url: '/api/counts', payload: { count } });

test.each(['fromStart', 'whenNeeded'] as const)(
  'bodies are checked, whether their schemas are compiled %s',
  async (warmUp) => {
    const { app, reads } = await startApp(warmUp);
    const atFirst = reads();
    if (warmUp === 'fromStart') await expect.poll(reads).toBeGreaterThan(atFirst);
    expect((await post(app, 3)).statusCode).toBe(200);
    expect((await post(app, 'three')).statusCode).toBe(400);
    expect((await post(app, 2 ** 60)).statusCode).toBe(400);
  },
);

test('nothing is compiled before a request comes, unless that was asked for', async () => {
  const { app, reads } = await startApp(undefined);
  const atFirst = reads();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(reads()).toBe(atFirst);
  await post(app, 3);
  expect(reads()).toBeGreaterThan(atFirst);
});
