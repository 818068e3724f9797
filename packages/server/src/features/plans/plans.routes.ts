import {
  CreatePlanBodySchema,
  ListPlansQuerySchema,
  PlanDifferenceSchema,
  PlanIssueSchema,
  PlanIssuesQuerySchema,
  PlanListSchema,
  PlanObjectParamsSchema,
  PlanObjectSchema,
  PlanObjectsQuerySchema,
  PlanParamsSchema,
  PlanSchema,
  SharedFileParamsSchema,
} from '@longshore/contracts';
import { Type } from 'typebox';
import type { RouteAccess } from '../../platform/http/access.ts';
import { callerOf, projectHeader, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { IMPORT_PRIVILEGES } from '../migrations/migration-caller.ts';
import { cancelPlan } from './cancel-plan.service.ts';
import { createFilePlan, createPlan } from './create-plan.service.ts';
import { showDifference } from './plan-difference.service.ts';
import type { PlanDeps } from './plan-deps.ts';
import { deletePlan, getPlan, listPlanIssues, listPlanObjects, listPlans } from './read-plans.service.ts';

/** As for an import: a record carries its whole content list. */
const RECORD_BODY_LIMIT = 256 * 1024 * 1024;
const TOTAL = 'x-mstr-total-count';

// Which project counts is for the services to say: they know the plan, and the header is often not sent.
const access: RouteAccess = { kind: 'allOf', privileges: IMPORT_PRIVILEGES, where: 'somewhere' };
const tags = ['Plans'];

/** `/api/longshore/plans` (docs/plans.md). */
export function planRoutes(deps: PlanDeps): Routes {
  return (app) => {
    writingRoutes(app, deps);
    cancelRoute(app, deps);
    readingRoutes(app, deps);
    detailRoutes(app, deps);
  };
}

function writingRoutes(app: TypedApp, deps: PlanDeps): void {
  app.post(
    '/longshore/plans',
    {
      config: { access },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'createPlan',
        tags,
        summary: 'Plan an import: what it would do here, without doing it',
        body: CreatePlanBodySchema,
        response: { 202: PlanSchema },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const plan = await createPlan(deps, { body, projectId: projectHeader(request), caller: callerOf(request) });
      return reply.status(202).send(plan);
    },
  );
  app.post(
    '/longshore/files/:fileId/plans',
    {
      config: { access },
      schema: {
        operationId: 'createFilePlan',
        tags,
        summary: 'Plan the import of an uploaded file into the project of the header',
        params: SharedFileParamsSchema,
        response: { 202: PlanSchema },
      },
    },
    async (request, reply) => {
      const { fileId } = request.params;
      const plan = await createFilePlan(deps, { fileId, projectId: projectHeader(request), caller: callerOf(request) });
      return reply.status(202).send(plan);
    },
  );
  app.delete(
    '/longshore/plans/:planId',
    {
      config: { access },
      schema: {
        operationId: 'deletePlan',
        tags,
        summary: 'Throw a plan away',
        params: PlanParamsSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deletePlan(deps, request.params.planId, callerOf(request));
      return reply.status(204).send(null);
    },
  );
}

function cancelRoute(app: TypedApp, deps: PlanDeps): void {
  app.post(
    '/longshore/plans/:planId/cancel',
    {
      config: { access },
      schema: {
        operationId: 'cancelPlan',
        tags,
        summary: 'End a plan that waits or is being made',
        params: PlanParamsSchema,
        response: { 202: Type.Null() },
      },
    },
    async (request, reply) => {
      await cancelPlan(deps, request.params.planId, callerOf(request));
      return sendEmpty(reply, 202);
    },
  );
}

function readingRoutes(app: TypedApp, deps: PlanDeps): void {
  app.get(
    '/longshore/plans',
    {
      config: { access },
      schema: {
        operationId: 'listPlans',
        tags,
        summary: 'List the plans that are kept, the newest first',
        querystring: ListPlansQuerySchema,
        response: { 200: PlanListSchema },
      },
    },
    (request) => listPlans(deps, request.query, callerOf(request)),
  );
  app.get(
    '/longshore/plans/:planId',
    {
      config: { access },
      schema: {
        operationId: 'getPlan',
        tags,
        summary: 'Show how a plan is, and what it found in numbers',
        params: PlanParamsSchema,
        response: { 200: PlanSchema },
      },
    },
    (request) => getPlan(deps, request.params.planId, callerOf(request)),
  );
}

function detailRoutes(app: TypedApp, deps: PlanDeps): void {
  app.get(
    '/longshore/plans/:planId/objects',
    {
      config: { access },
      schema: {
        operationId: 'listPlanObjects',
        tags,
        summary: 'List what would be done with each object, deletions first',
        description: 'The header x-mstr-total-count holds the number of all that match.',
        params: PlanParamsSchema,
        querystring: PlanObjectsQuerySchema,
        response: { 200: Type.Array(PlanObjectSchema) },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const { total, objects } = await listPlanObjects(deps, {
        planId: params.planId,
        query,
        caller: callerOf(request),
      });
      return reply.header(TOTAL, total).send(objects);
    },
  );
  app.get(
    '/longshore/plans/:planId/issues',
    {
      config: { access },
      schema: {
        operationId: 'listPlanIssues',
        tags,
        summary: 'List what stands in the way of the import, and its warnings',
        description: 'The header x-mstr-total-count holds the number of all that match.',
        params: PlanParamsSchema,
        querystring: PlanIssuesQuerySchema,
        response: { 200: Type.Array(PlanIssueSchema) },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const { total, issues } = await listPlanIssues(deps, { planId: params.planId, query, caller: callerOf(request) });
      return reply.header(TOTAL, total).send(issues);
    },
  );
  app.get(
    '/longshore/plans/:planId/objects/:objectId/difference',
    {
      config: { access },
      schema: {
        operationId: 'getPlanDifference',
        tags,
        summary: 'Compare an object of the package with the one on the target, field by field',
        params: PlanObjectParamsSchema,
        response: { 200: PlanDifferenceSchema },
      },
    },
    (request) => showDifference(deps, { ...request.params, caller: callerOf(request) }),
  );
}
