import type { FastifyReply } from 'fastify';

/** Puts the total before paging beside a page; clients ask for further pages until they have that many. */
export function sendPage<T>(reply: FastifyReply, page: { readonly items: T[]; readonly total: number }): T[] {
  void reply.header('x-mstr-total-count', String(page.total));
  return page.items;
}

/** `limit` -1, or none, is no limit (spec/api.md 1.8). */
export function pageOf(query: { offset?: number; limit?: number }): { offset: number; limit: number | null } {
  const { offset = 0, limit = -1 } = query;
  return { offset, limit: limit < 0 ? null : limit };
}
