import type { NodesQuery, ProjectView } from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import type { ProjectsService } from './projects.service.ts';

/** The one node of this environment, as it calls itself. */
export interface NodeInfo {
  readonly name: string;
  readonly port?: number;
}

export interface MonitoredProject {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  readonly description: string;
  readonly status: number;
  readonly nodes: { readonly name: string; readonly status: string }[];
}

export interface MonitoredNode {
  readonly name: string;
  readonly port?: number;
  readonly status: string;
  readonly load: number;
  readonly default: boolean;
  readonly projects: { readonly id: string; readonly name: string; readonly status: string }[];
}

/** What runs where: one node, on which every project is loaded. */
export interface MonitorsService {
  listProjects(
    caller: Caller,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ projects: MonitoredProject[]; total: number }>;
  listNodes(caller: Caller, query: NodesQuery): Promise<{ nodes: MonitoredNode[] }>;
}

const LOADED = 'loaded';

export function createMonitorsService(projects: ProjectsService, node: NodeInfo): MonitorsService {
  return {
    async listProjects(caller, { offset, limit }) {
      const all = await projects.list(caller);
      const page = all.slice(offset, limit < 0 ? undefined : offset + limit);
      return {
        total: all.length,
        projects: page.map(({ id, name, alias, description, status }) => ({
          id,
          name,
          alias,
          description,
          status,
          nodes: [{ name: node.name, status: LOADED }],
        })),
      };
    },
    async listNodes(caller, query) {
      if (query.name !== undefined && query.name !== node.name) return { nodes: [] };
      const shown = (await projects.list(caller)).filter((project) => isAskedFor(project, query));
      const loaded = shown.map(({ id, name }) => ({ id, name, status: LOADED }));
      return { nodes: [{ ...node, status: 'running', load: 0, default: true, projects: loaded }] };
    },
  };
}

function isAskedFor(project: ProjectView, query: NodesQuery): boolean {
  const { 'projects.id': id, 'projects.name': name } = query;
  if (id !== undefined && project.id !== id.toUpperCase()) return false;
  return name === undefined || project.name === name;
}
