import Fastify from 'fastify';

/**
 * A server that does nothing but answer: the same framework with the answer ready, as the floor of a request.
 * `bare-fastify.ts BODY` tells its address to the process that has started it.
 */
const body = process.argv[2] ?? '{}';
const app = Fastify();
app.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.(url);
process.on('message', () => void app.close().then(() => process.exit(0)));
