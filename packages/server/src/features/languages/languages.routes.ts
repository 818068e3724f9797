import {
  BaseLanguagesSchema,
  CreateLanguageSchema,
  FieldsQuery,
  LanguageFormatsSchema,
  LanguageSchema,
  LanguagesSchema,
  ModelParamsSchema,
  OperationListRequest,
} from '@longshore/contracts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import type { LanguageAuthoring } from './language-authoring.service.ts';
import type { LanguagesService } from './languages.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Languages'];

/** `/api/languages` and `/api/iserver/baseLanguages` (spec/api.md 2.14). */
export function languageRoutes(languages: LanguagesService, authoring: LanguageAuthoring): Routes {
  return (app) => {
    addAuthoringRoutes(app, authoring);
    addFormatRoutes(app, authoring);
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

function addAuthoringRoutes(app: TypedApp, authoring: LanguageAuthoring): void {
  app.post(
    '/languages',
    {
      config,
      schema: {
        tags,
        operationId: 'createLanguage',
        summary: 'Add a language; needs the privilege Configure language settings',
        querystring: FieldsQuery,
        body: CreateLanguageSchema,
        response: { 201: LanguageSchema },
      },
    },
    async (request, reply) => {
      const language = await authoring.create(callerOf(request), request.body);
      void reply.code(201);
      return language;
    },
  );
  app.patch(
    '/languages/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateLanguage',
        summary: 'Change the name, the description or the interface language of a language',
        params: ModelParamsSchema,
        querystring: FieldsQuery,
        body: OperationListRequest,
        response: { 200: LanguageSchema },
      },
    },
    (request) => authoring.update(callerOf(request), request.params.id, request.body),
  );
}

function addFormatRoutes(app: TypedApp, authoring: LanguageAuthoring): void {
  app.get(
    '/languages/:id/formattingSettings',
    {
      config,
      schema: {
        tags,
        operationId: 'getLanguageFormattingSettings',
        summary: 'How dates and times are written in a language',
        params: ModelParamsSchema,
        querystring: FieldsQuery,
        response: { 200: LanguageFormatsSchema },
      },
    },
    async (request) => formatsView(await authoring.getFormats(callerOf(request), request.params.id)),
  );
  app.patch(
    '/languages/:id/formattingSettings',
    {
      config,
      schema: {
        tags,
        operationId: 'updateLanguageFormattingSettings',
        summary: 'Change how dates and times are written in a language',
        params: ModelParamsSchema,
        querystring: FieldsQuery,
        body: OperationListRequest,
        response: { 200: LanguageFormatsSchema },
      },
    },
    async (request) => formatsView(await authoring.updateFormats(callerOf(request), request.params.id, request.body)),
  );
}

const formatsView = (timeInterval: Record<string, string>) => ({ formattingSettings: { timeInterval } });
