import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { ErrorBodySchema } from '@longshore/contracts';
import { privilegeName } from '@longshore/domain';
import type { RouteAccess } from '../platform/http/access.ts';
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
    transform: ({ schema, url, route }) => ({ url, schema: withAccess(schema, route.config?.access) }),
    transformObject: (documents) => {
      if (!('openapiObject' in documents)) return documents.swaggerObject;
      describeErrors(documents.openapiObject as Document);
      return documents.openapiObject;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/api-docs', staticCSP: true });
  for (const prefix of API_PREFIXES) {
    app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
  }
  for (const address of OTHER_ADDRESSES) {
    app.get(address, { schema: { hide: true } }, (_request, reply) => reply.redirect('/api-docs/'));
  }
}

/**
 * Says who may use an operation, in words and, under `x-longshore-access`, for programs. `session` means that the rights
 * on the objects decide, or a privilege that depends on what is asked for.
 */
function withAccess<Schema extends object | undefined>(schema: Schema, access: RouteAccess | undefined): Schema {
  if (schema === undefined || access === undefined) return schema;
  const names = 'privileges' in access ? access.privileges.map(privilegeName) : [];
  const needs = NEEDS[access.kind](names);
  const { description } = schema as { readonly description?: string };
  return {
    ...schema,
    ...(access.kind === 'public' ? { security: [] } : {}),
    ...(needs === '' ? {} : { description: [description, needs].filter(Boolean).join('\n\n') }),
    'x-longshore-access': { kind: access.kind, ...(names.length === 0 ? {} : { privileges: names }) },
  };
}

const NEEDS: Readonly<Record<RouteAccess['kind'], (privileges: readonly string[]) => string>> = {
  public: () => 'Needs no session.',
  session: () => '',
  administrator: () => 'For administrators: the built-in one, and the members of System Administrators.',
  allOf: (names) => `Needs ${names.join(' and ')}.`,
  anyOf: (names) => `Needs ${names.join(' or ')}.`,
};

/** Where links into the documentation of the original point; a browser takes their fragment along. */
const OTHER_ADDRESSES = [
  '/api-docs/index.html',
  '/MicroStrategyLibrary/api-docs',
  '/MicroStrategyLibrary/api-docs/index.html',
];

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const ERROR_RESPONSE = {
  description: 'The request is refused, or has failed; the message says why and what to do next.',
  content: { 'application/json': { schema: ErrorBodySchema } },
};

/** The parts of an OpenAPI document that are completed here. */
interface Document {
  components?: { responses?: object };
  paths?: Record<string, Partial<Record<(typeof METHODS)[number], { responses?: object }>>>;
}

/** Every endpoint may refuse a request, and every refusal has the same shape. */
function describeErrors(document: Document): void {
  document.components = { ...document.components, responses: { Error: ERROR_RESPONSE } };
  const error = { $ref: '#/components/responses/Error' };
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) operation.responses = { ...operation.responses, '4XX': error, '5XX': error };
    }
  }
}
