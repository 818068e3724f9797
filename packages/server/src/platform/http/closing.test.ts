import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { randomIds } from '../ids.ts';
import { addApiRoutes, createApp } from './app.ts';

test('a server that closes does not wait for connections whose last answer is out', async () => {
  const app = createApp({ ids: randomIds, logger: false, authenticate: async () => null });
  const body = new Readable({ read: () => undefined });
  addApiRoutes(app, (scope) => {
    scope.get('/slow', { config: { access: { kind: 'public' } } }, (_request, reply) =>
      reply.header('content-length', 4).send(body),
    );
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET /api/slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  body.push('late');
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('keep-alive');
  const closed = app.close();
  // Longer than it takes to close what is idle: the answer ends only after that.
  await new Promise((resolve) => setTimeout(resolve, 50));
  body.push(null);
  await closed;
  if (!socket.closed) await once(socket, 'close');
});
