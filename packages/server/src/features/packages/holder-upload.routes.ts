import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  AppError,
  PackageParamsSchema,
  PackageQuerySchema,
  SharedFileUploadSchema,
  ShortPackageSchema,
} from '@longshore/contracts';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import type { TypedApp } from '../../platform/http/app.ts';
import { discardRest, uploadParts } from '../storage/multipart-upload.ts';
import { callOf } from './call-of.ts';
import type { HolderDeps } from './holder-deps.ts';
import { uploadHolder } from './upload-holder.service.ts';

const APPLY: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.applyPackage], where: 'somewhere' };
const UPLOAD_IDLE_MS = 120_000;

/** PUT /api/packages/{id}/binary. */
export function holderUploadRoutes(app: TypedApp, deps: HolderDeps): void {
  void app.register(async (scope) => {
    await scope.register(multipart);
    uploadRoute(scope.withTypeProvider<TypeBoxTypeProvider>(), deps);
  });
}

function uploadRoute(app: TypedApp, deps: HolderDeps): void {
  app.put(
    '/packages/:packageId/binary',
    {
      config: { access: APPLY },
      // The body is in the document, and is read as a stream: there is no value of it to validate.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'uploadPackageBinary',
        tags: ['Packages'],
        summary: 'Fills an empty package with a package file, or an undo package',
        consumes: ['multipart/form-data'],
        params: PackageParamsSchema,
        querystring: PackageQuerySchema,
        body: SharedFileUploadSchema,
        response: { 200: ShortPackageSchema },
      },
    },
    async (request) => {
      const { packageId } = request.params;
      try {
        const parts = (maxBytes: number) => {
          requireLength(request.headers['content-length'], maxBytes);
          return uploadParts(request, { size: maxBytes, idleMs: UPLOAD_IDLE_MS });
        };
        return await uploadHolder(deps, { ...callOf(request), packageId, parts });
      } finally {
        discardRest(request.raw);
      }
    },
  );
}

/** What a form may have besides its file. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

/** The size of the file is not told beforehand; that of the whole form often is, and then nothing has to be read. */
function requireLength(announced: string | undefined, maxBytes: number): void {
  if (Number(announced ?? 0) <= maxBytes + FORM_OVERHEAD_BYTES) return;
  throw new AppError(
    'invalid',
    `The body of this request has ${announced ?? ''} bytes, and a package can have at most ${maxBytes}.`,
  );
}
