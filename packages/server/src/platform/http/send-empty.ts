import type { FastifyReply } from 'fastify';

/** Answers without a body. Sending null instead would put the text `null` into an answer that is no 204. */
export function sendEmpty(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send();
}
