import { Readable } from 'node:stream';
import { Type } from 'typebox';
import {
  DumpQuerySchema,
  FingerprintQuerySchema,
  FingerprintSchema,
  LoadResultSchema,
  type LoadResult,
} from '@longshore/contracts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import type { CallerUser } from '../../platform/http/access.ts';
import type { DumpService } from './dump-metadata.service.ts';

const config = { access: { kind: 'administrator' } } as const;
const tags = ['Longshore: metadata'];

export interface MetadataServices {
  readonly dump: DumpService;
  load(user: CallerUser, input: Readable): Promise<LoadResult>;
}

/** `/api/longshore/metadata` and `/api/longshore/fingerprint` (design/architecture.md 5). */
export function metadataRoutes(services: MetadataServices): Routes {
  return (app) => {
    void app.register((scope, _options, done) => {
      loadRoute(scope, services);
      done();
    });
    readRoutes(app, services);
  };
}

/** In a scope of its own, where a body of any type, JSON included, is left as a stream. */
function loadRoute(app: TypedApp, services: MetadataServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.post(
    '/longshore/metadata',
    {
      config,
      schema: {
        tags,
        operationId: 'loadMetadata',
        summary: 'Load projects and objects in bulk, all or none',
        description:
          'One JSON object a line, streamed. A bad line refuses the whole load, naming the line and the field.',
        consumes: ['application/x-ndjson'],
        response: { 200: LoadResultSchema },
      },
    },
    (request) => services.load(callerOf(request).user, (request.body as Readable | undefined) ?? Readable.from([])),
  );
}

function readRoutes(app: TypedApp, services: MetadataServices): void {
  app.get(
    '/longshore/metadata',
    {
      config,
      schema: {
        tags,
        operationId: 'dumpMetadata',
        summary: 'Dump projects and objects, the same content as the same bytes',
        querystring: DumpQuerySchema,
        produces: ['application/x-ndjson'],
        response: { 200: Type.String() },
      },
    },
    async (request, reply) => {
      const lines = Readable.from(await services.dump.dump(request.query), { objectMode: false });
      // The stream stands in for the text that the schema describes.
      return reply.type('application/x-ndjson; charset=utf-8').send(lines as unknown as string);
    },
  );
  app.get(
    '/longshore/fingerprint',
    {
      config,
      schema: {
        tags,
        operationId: 'getFingerprint',
        summary: 'Order-independent hash over all objects of a project',
        querystring: FingerprintQuerySchema,
        response: { 200: FingerprintSchema },
      },
    },
    (request) => services.dump.fingerprint(request.query.projectId),
  );
}
