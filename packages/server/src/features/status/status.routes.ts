import { StatusResponse } from '@longshore/contracts';
import { PLATFORM_VERSION } from '../../main/config.ts';
import type { Routes } from '../../platform/http/app.ts';

/** GET /status, by which clients decide what this server can do; it needs no session. */
export const statusRoutes: Routes = (app) => {
  app.get(
    '/status',
    {
      config: { access: { kind: 'public' } },
      schema: {
        operationId: 'getStatus',
        tags: ['Miscellaneous'],
        summary: 'Version and kind of this environment',
        response: { 200: StatusResponse },
      },
    },
    () => ({ iServerVersion: PLATFORM_VERSION, webVersion: PLATFORM_VERSION, deploymentType: 'on-premises' }),
  );
};
