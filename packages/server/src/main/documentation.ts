import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { API_PREFIXES } from '../platform/http/app.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';

/** Where links into the original's documentation lead, e.g. `…/api-docs/index.html?#/Migrations/createMigration`. */
const OTHER_ADDRESSES = [
  '/api-docs/index.html',
  '/MicroStrategyLibrary/api-docs',
  '/MicroStrategyLibrary/api-docs/index.html',
];

/**
 * The OpenAPI document, made from the schemas that validate, and a page to read it. Must be registered before the
 * routes, which it collects as they come.
 */
export async function registerDocumentation(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Longshore Library API',
        version: PLATFORM_VERSION,
        description:
          'Log in with POST /api/auth/login and send the token as X-MSTR-AuthToken. Calls that belong to a project carry X-MSTR-ProjectID.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-MSTR-AuthToken' } },
      },
      security: [{ token: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/api-docs', staticCSP: true, uiConfig: { deepLinking: true } });
  for (const prefix of API_PREFIXES) {
    app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
  }
  for (const path of OTHER_ADDRESSES) {
    app.get(path, { schema: { hide: true } }, (_request, reply) => reply.redirect('/api-docs/'));
  }
}
