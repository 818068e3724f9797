import { Type } from 'typebox';
import {
  ChangeJournalEntriesSchema,
  ChangeJournalParamsSchema,
  ChangeJournalPurgeSchema,
  ChangeJournalQuerySchema,
  ChangeJournalSearchSchema,
  JournalObjectsParamsSchema,
  JournalObjectsQuerySchema,
  JournalObjectsSchema,
  JournalQuerySchema,
  JournalSchema,
  NoContent,
  type ChangeJournalPurge,
} from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { ChangeJournalService } from './change-journal.service.ts';
import type { ListJournalObjects } from './journal-objects.service.ts';

const tags = ['Change journal'];

type Purge = (caller: Caller, request: ChangeJournalPurge) => Promise<void>;

export interface JournalServices {
  readonly service: ChangeJournalService;
  readonly purge: Purge;
  readonly listObjects: ListJournalObjects;
}

/** `/api/changeJournal*` (spec/api.md 2.14) and `/api/longshore/journal*`. */
export function journalRoutes({ service, purge, listObjects }: JournalServices): Routes {
  return (app) => {
    app.post(
      '/changeJournal',
      {
        config: { access: { kind: 'session' } },
        preValidation: async (request) => void (request.body ??= {}),
        schema: {
          tags,
          operationId: 'searchChangeJournal',
          summary: 'Search the change journal; the entries are read by the id of the search',
          body: ChangeJournalSearchSchema,
          response: { 200: Type.Object({ searchId: Type.String() }) },
        },
      },
      (request) => service.start(callerOf(request), request.body),
    );
    app.get(
      '/changeJournal/:searchId',
      {
        config: { access: { kind: 'session' } },
        schema: {
          tags,
          operationId: 'getChangeJournalEntries',
          summary: 'Get the entries that a search found, newest first',
          params: ChangeJournalParamsSchema,
          querystring: ChangeJournalQuerySchema,
          response: { 200: ChangeJournalEntriesSchema },
        },
      },
      (request) => service.entries(callerOf(request), request.params.searchId, request.query),
    );
    addPurgeRoute(app, purge);
    addJournalRoute(app, service);
    addObjectsRoute(app, listObjects);
  };
}

function addPurgeRoute(app: TypedApp, purge: Purge): void {
  app.delete(
    '/changeJournal',
    {
      config: { access: { kind: 'administrator' } },
      schema: {
        tags,
        operationId: 'purgeChangeJournal',
        summary: 'Take entries out of the change journal',
        description:
          'Entries of the projects named by `projects.id`, or of all when `purgeAllProjects` is true, before `timestamp` or up to now. A line for each import and undo stays.',
        querystring: ChangeJournalPurgeSchema,
        response: { 202: NoContent },
      },
    },
    async (request, reply) => {
      await purge(callerOf(request), request.query);
      return sendEmpty(reply, 202);
    },
  );
}

function addJournalRoute(app: TypedApp, service: ChangeJournalService): void {
  app.get(
    '/longshore/journal',
    {
      config: { access: { kind: 'administrator' } },
      schema: {
        tags,
        operationId: 'listJournal',
        summary: 'List what was done to the metadata, newest first',
        querystring: JournalQuerySchema,
        response: { 200: JournalSchema },
      },
    },
    (request) => service.list(request.query),
  );
}

function addObjectsRoute(app: TypedApp, listObjects: ListJournalObjects): void {
  app.get(
    '/longshore/journal/:transactionId/objects',
    {
      config: { access: { kind: 'administrator' } },
      schema: {
        tags,
        operationId: 'listJournalObjects',
        summary: 'List what one entry of the journal did to each object, by name',
        params: JournalObjectsParamsSchema,
        querystring: JournalObjectsQuerySchema,
        response: { 200: JournalObjectsSchema },
      },
    },
    (request) => listObjects(request.params.transactionId, request.query),
  );
}
