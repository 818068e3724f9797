import { expect, test } from 'vitest';
import { AppError } from '@longshore/contracts';
import { randomIds } from '../ids.ts';
import { createLog } from '../log/server-log.ts';
import { addApiRoutes, createApp } from './app.ts';

interface Line {
  readonly ticketId?: string;
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly message: string; readonly cause?: { readonly message: string } };
}

test('the ticket of an answer stands in every line of the log about its request, with the cause', async () => {
  const lines: Line[] = [];
  const log = createLog({ name: 'dev', level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const app = createApp({ ids: randomIds, logger: log, authenticate: async () => null });
  addApiRoutes(app, (scope) => {
    scope.get('/refused', { config: { access: { kind: 'public' } } }, () => {
      throw new AppError('invalid', 'This is refused.');
    });
    scope.get('/broken', { config: { access: { kind: 'public' } } }, (request) => {
      request.log.info('a line of the work itself');
      throw new Error('outer', { cause: new Error('the real cause') });
    });
  });
  const broken = await app.inject({ url: '/api/broken', headers: { 'x-mstr-authtoken': 'a-token-of-a-session' } });
  const { ticketId, message } = broken.json<{ ticketId: string; message: string }>();
  expect(ticketId).toMatch(/^[0-9a-f]{32}$/);
  expect(message).not.toContain('cause');
  const about = lines.filter((line) => line.ticketId === ticketId);
  expect(about.map(({ msg }) => msg)).toEqual([
    'incoming request',
    'a line of the work itself',
    expect.stringContaining('failed to answer'),
    'request completed',
  ]);
  expect(about[2]?.err).toMatchObject({ message: 'outer', cause: { message: 'the real cause' } });
  expect(JSON.stringify(lines)).not.toContain('a-token-of-a-session');

  const refused = (await app.inject({ url: '/api/refused' })).json<{ ticketId: string }>();
  expect(refused.ticketId).not.toBe(ticketId);
  expect(lines.filter((line) => line.ticketId === refused.ticketId)).toHaveLength(3);
  const missing = (await app.inject({ url: '/api/%E0%A4%A' })).json<{ ticketId: string }>();
  expect(lines.some((line) => line.ticketId === missing.ticketId)).toBe(true);
});
