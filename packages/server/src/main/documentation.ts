import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { API_PREFIXES } from '../platform/http/app.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';

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
  await app.register(swaggerUi, { routePrefix: '/api-docs', staticCSP: true });
  for (const prefix of API_PREFIXES) {
    app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
  }
  app.get('/MicroStrategyLibrary/api-docs', { schema: { hide: true } }, (_request, reply) =>
    reply.redirect('/api-docs/'),
  );
}
