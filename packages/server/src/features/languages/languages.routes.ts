import {
  BaseLanguagesSchema,
  FieldsQuery,
  LanguageSchema,
  LanguagesSchema,
  ModelParamsSchema,
} from '@longshore/contracts';
import { callerOf, type Routes } from '../../platform/http/app.ts';
import type { LanguagesService } from './languages.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Languages'];

/** `/api/languages` and `/api/iserver/baseLanguages` (spec/api.md 2.14). */
export function languageRoutes(languages: LanguagesService): Routes {
  return (app) => {
    app.get(
      '/iserver/baseLanguages',
      {
        config,
        schema: {
          tags,
          operationId: 'getSupportedLanguages',
          summary: 'The languages that objects can be translated to',
          response: { 200: BaseLanguagesSchema },
        },
      },
      async () => languages.listBase(),
    );
    app.get(
      '/languages',
      {
        config,
        schema: {
          tags,
          operationId: 'getAvailableLanguages',
          summary: 'The languages of this environment',
          querystring: FieldsQuery,
          response: { 200: LanguagesSchema },
        },
      },
      async (request) => ({ languages: await languages.list(callerOf(request)) }),
    );
    app.get(
      '/languages/:id',
      {
        config,
        schema: {
          tags,
          operationId: 'getLanguageDetails',
          summary: 'One language',
          params: ModelParamsSchema,
          querystring: FieldsQuery,
          response: { 200: LanguageSchema },
        },
      },
      (request) => languages.get(callerOf(request), request.params.id),
    );
  };
}
