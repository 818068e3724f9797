import { BinaryResponse } from '@longshore/contracts';
import { Type } from 'typebox';
import type { RouteAccess } from '../../platform/http/access.ts';
import { callerOf, type Routes } from '../../platform/http/app.ts';
import { sendFile } from '../../platform/http/send-file.ts';
import { downloadPackage, type DownloadDeps } from './download-package.service.ts';
import { downloadUndo } from './download-undo.service.ts';

/** Apply package is asked for where the package belongs, which only the use case knows. */
const DOWNLOAD: RouteAccess = { kind: 'session' };

const tags = ['Migrations'];

/** The files of packages and undo packages (spec/api.md 2.7.9 and 2.7.10). */
export function downloadRoutes(deps: DownloadDeps): Routes {
  return (app) => {
    app.get(
      '/migrations/packages/:packageId/binary',
      {
        config: { access: DOWNLOAD },
        schema: {
          operationId: 'downloadPackage',
          tags,
          summary: 'Downloads the file of a package',
          params: Type.Object({ packageId: Type.String() }),
          response: { 200: BinaryResponse },
        },
      },
      async (request, reply) =>
        sendFile(reply, await downloadPackage(deps, { id: request.params.packageId, caller: callerOf(request) })),
    );
    app.get(
      '/migrations/imports/:importId/binary',
      {
        config: { access: DOWNLOAD },
        schema: {
          operationId: 'downloadUndoPackage',
          tags,
          summary: 'Downloads the undo package of an import',
          params: Type.Object({ importId: Type.String() }),
          response: { 200: BinaryResponse },
        },
      },
      async (request, reply) =>
        sendFile(reply, await downloadUndo(deps, { id: request.params.importId, caller: callerOf(request) })),
    );
  };
}
