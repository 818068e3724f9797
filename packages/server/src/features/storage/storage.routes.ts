import {
  FieldsQuery,
  NoContent,
  StorageConfigurationBodySchema,
  StorageConfigurationSchema,
} from '@longshore/contracts';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import { callerOf, type Routes } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { StorageConfigurationService } from './storage-configuration.service.ts';

const ADMINISTER: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.administerEnvironment] };

const tags = ['Storage Service'];
const PATH = '/mstrServices/library/storage';

/** The storage configuration (spec/api.md 2.10). */
export function storageRoutes(configuration: StorageConfigurationService): Routes {
  return (app) => {
    app.get(
      PATH,
      {
        config: { access: { kind: 'session' } },
        schema: {
          operationId: 'getStorageConfiguration',
          tags,
          summary: 'Where the shared file store is',
          querystring: FieldsQuery,
          response: { 200: StorageConfigurationSchema },
        },
      },
      () => configuration.get(),
    );
    app.post(
      `${PATH}/validation`,
      {
        config: { access: ADMINISTER },
        schema: {
          operationId: 'validateStorageConfiguration',
          tags,
          summary: 'Tries a configuration without taking it into use',
          body: StorageConfigurationBodySchema,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        await configuration.validate(request.body);
        return sendEmpty(reply, 204);
      },
    );
    app.patch(
      PATH,
      {
        config: { access: ADMINISTER },
        schema: {
          operationId: 'updateStorageConfiguration',
          tags,
          summary: 'Takes a configuration into use; packages in the old place become unavailable',
          body: StorageConfigurationBodySchema,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        await configuration.update(request.body, callerOf(request));
        return sendEmpty(reply, 204);
      },
    );
  };
}
