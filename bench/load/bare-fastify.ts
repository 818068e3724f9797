import Fastify from 'fastify';
import { cpuSeconds } from '../usage.ts';

/**
 * A server that does nothing but answer: the same framework with the answer ready, as the floor of a request.
 * `bare-fastify.ts BODY` tells its address to the process that has started it, and its CPU seconds when it is asked.
 */
const body = process.argv[2] ?? '{}';
const app = Fastify();
app.route({
  method: ['GET', 'POST'],
  url: '/',
  handler: (_request, reply) => reply.type('application/json; charset=utf-8').send(body),
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.(url);
process.on('message', (question: 'cpu' | 'close') => {
  if (question === 'cpu') process.send?.(cpuSeconds());
  else void app.close().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
