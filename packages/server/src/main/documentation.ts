import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { ErrorBodySchema } from '@longshore/contracts';
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
        responses: { Error: ERROR_RESPONSE },
        securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-MSTR-AuthToken' } },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: route.config?.access?.kind === 'public' ? { ...schema, security: [] } : schema,
    }),
    transformObject: (document) => ('openapiObject' in document ? withErrors(document.openapiObject) : {}),
  });
  await app.register(swaggerUi, { routePrefix: '/api-docs', staticCSP: true, uiConfig: { deepLinking: true } });
  for (const prefix of API_PREFIXES) {
    app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
  }
  for (const path of OTHER_ADDRESSES) {
    app.get(path, { schema: { hide: true } }, (_request, reply) => reply.redirect('/api-docs/'));
  }
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const ERROR_RESPONSE = {
  description: 'The request is refused, or has failed; the message says why and what to do next.',
  content: { 'application/json': { schema: ErrorBodySchema } },
};

type Document = ReturnType<FastifyInstance['swagger']> & { readonly paths?: object };

/** Every endpoint may refuse a request, and every refusal has the same shape. */
function withErrors(document: Partial<Document>): Partial<Document> {
  const error = { $ref: '#/components/responses/Error' };
  for (const path of Object.values(document.paths ?? {}) as Record<string, { responses?: object }>[]) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) operation.responses = { ...operation.responses, '4XX': error, '5XX': error };
    }
  }
  return document;
}
