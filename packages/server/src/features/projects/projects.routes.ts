import {
  CreateProjectSchema,
  MonitoredProjectsQuerySchema,
  MonitoredProjectsSchema,
  NodesQuerySchema,
  NodesSchema,
  ProjectIdParamsSchema,
  ProjectLanguagesSchema,
  ProjectParamsSchema,
  ProjectSchema,
} from '@longshore/contracts';
import { Type } from 'typebox';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import type { MonitorsService } from './monitors.service.ts';
import type { ProjectsService } from './projects.service.ts';

const session = { access: { kind: 'session' } } as const;
const administrator = { access: { kind: 'administrator' } } as const;

/** `/api/projects*` and `/api/monitors*` (spec/api.md 2.3). */
export function projectRoutes(projects: ProjectsService, monitors: MonitorsService): Routes {
  return (app) => {
    readRoutes(app, projects);
    writeRoutes(app, projects);
    monitorRoutes(app, monitors);
  };
}

function readRoutes(app: TypedApp, service: ProjectsService): void {
  const tags = ['Projects'];
  app.get(
    '/projects',
    {
      config: session,
      schema: {
        tags,
        operationId: 'getProjects',
        summary: 'List the projects that the caller can see',
        response: { 200: Type.Array(ProjectSchema) },
      },
    },
    (request) => service.list(callerOf(request)),
  );
  app.get(
    '/projects/:idOrName',
    {
      config: session,
      schema: {
        tags,
        operationId: 'getProject',
        summary: 'Get a project by id or name',
        params: ProjectParamsSchema,
        response: { 200: ProjectSchema },
      },
    },
    (request) => service.get(callerOf(request), request.params.idOrName),
  );
  app.get(
    '/projects/:id/languages',
    {
      config: session,
      schema: {
        tags,
        operationId: 'getProjectLanguages',
        summary: 'List the languages of a project',
        params: ProjectIdParamsSchema,
        response: { 200: ProjectLanguagesSchema },
      },
    },
    (request) => service.languages(callerOf(request), request.params.id),
  );
}

function writeRoutes(app: TypedApp, service: ProjectsService): void {
  const tags = ['Projects'];
  app.post(
    '/v2/projects',
    {
      config: administrator,
      schema: {
        tags,
        operationId: 'createProject',
        summary: 'Create a project with its predefined folders',
        body: CreateProjectSchema,
        response: { 201: ProjectSchema },
      },
    },
    async (request, reply) => {
      const project = await service.create(callerOf(request), request.body);
      return reply.status(201).send(project);
    },
  );
  app.delete(
    '/projects/:id',
    {
      config: administrator,
      schema: {
        tags,
        operationId: 'deleteProject',
        summary: 'Delete a project that is unloaded on every node',
        params: ProjectIdParamsSchema,
      },
    },
    (request) => service.delete(callerOf(request), request.params.id),
  );
}

function monitorRoutes(app: TypedApp, service: MonitorsService): void {
  const tags = ['Monitors'];
  app.get(
    '/monitors/projects',
    {
      config: session,
      schema: {
        tags,
        operationId: 'getMonitoredProjects',
        summary: 'List projects with their state on each node',
        querystring: MonitoredProjectsQuerySchema,
        response: { 200: MonitoredProjectsSchema },
      },
    },
    async (request, reply) => {
      const { projects, total } = await service.listProjects(callerOf(request), request.query);
      return reply.header('x-mstr-total-count', total).send({ projects });
    },
  );
  app.get(
    '/monitors/iServer/nodes',
    {
      config: session,
      schema: {
        tags,
        operationId: 'getNodes',
        summary: 'List the nodes of the environment',
        querystring: NodesQuerySchema,
        response: { 200: NodesSchema },
      },
    },
    (request) => service.listNodes(callerOf(request), request.query),
  );
}
