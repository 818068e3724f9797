import type { FastifyInstance } from 'fastify';
import type { Plan } from '@longshore/contracts';
import { createPackageInspector } from '../../packages/server/src/features/migrations/index.ts';
import type { MadePlan, PlanJob } from '../../packages/server/src/features/plans/plan-job.ts';
import { createPlanKeeper, type PlanKeeper } from '../../packages/server/src/features/plans/plan-keeper.service.ts';
import type { PlanRunner } from '../../packages/server/src/features/plans/plan-runner.ts';
import { planRoutes } from '../../packages/server/src/features/plans/plans.routes.ts';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { randomIds } from '../../packages/server/src/platform/ids.ts';
import { aCaller, anAdministrator } from './api.ts';
import { PLATFORM } from './held-runner.ts';
import { TUTORIAL, type TestEnvironment } from './migration-environment.ts';

export const SESSION_TIMEOUT = 1800;

export interface PlanAnswer {
  readonly status: number;
  readonly body: Plan & { readonly code: string; readonly message: string; readonly data: readonly Plan[] };
}

/** The plans of an environment, with a runner that a test holds. */
export interface PlanServer {
  readonly keeper: PlanKeeper;
  readonly jobs: PlanJob[];
  /** Ids of the plans that the runner was told to give up. */
  readonly stopped: readonly string[];
  /** Ends the oldest plan that is being made. */
  finish(result?: Partial<MadePlan>): Promise<void>;
  fail(message: string): Promise<void>;
  call(method: 'GET' | 'POST' | 'DELETE', path: string, options?: PlanCall): Promise<PlanAnswer>;
  /** Makes a session known to the database. */
  openSession(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface PlanCall {
  readonly as?: Caller;
  readonly body?: unknown;
  readonly project?: string | null;
}

const MADE: MadePlan = {
  scope: TUTORIAL,
  revisions: {},
  counts: {
    create: 1,
    replace: 0,
    move: 0,
    update_contacts: 0,
    update_translations: 0,
    duplicate: 0,
    keep: 0,
    delete: 0,
    skip: 0,
  },
  total: 1,
  issueCounts: { blocking: 0, warning: 0 },
  blocked: false,
  notes: [],
  undo: { possible: true },
  updatesSchema: false,
};

export async function aPlanServer({ platform, files }: TestEnvironment, node = 'node-1'): Promise<PlanServer> {
  const keeper = createPlanKeeper(platform, { sessionTimeout: SESSION_TIMEOUT, node });
  const jobs: PlanJob[] = [];
  const stopped: string[] = [];
  const runner: PlanRunner = {
    enqueue: async () => undefined,
    submit: (job) => void jobs.push(job),
    stop: (planId) => void stopped.push(planId),
    drain: async () => undefined,
    close: async () => undefined,
  };
  const callers = new Map<string, Caller>();
  const app = createApp({
    ids: randomIds,
    logger: false,
    authenticate: async (token) => callers.get(token) ?? null,
  });
  const inspector = createPackageInspector(files, PLATFORM);
  addApiRoutes(app, planRoutes({ node, platform, files, inspector, runner, keeper, options: { nameClash: 'rename' } }));
  await app.ready();
  const take = (): PlanJob => {
    const job = jobs.shift();
    if (!job) throw new Error('No plan is being made.');
    return job;
  };
  return {
    keeper,
    jobs,
    stopped,
    finish: (result) => keeper.end(take().planId, { kind: 'planned', plan: { ...MADE, ...result } }),
    fail: (message) => keeper.end(take().planId, { kind: 'failed', message }),
    call: (method, path, options = {}) => send(app, callers, { method, path, options }),
    async openSession(id) {
      const now = platform.clock.now();
      const row = { token_hash: id, id, user_id: 'U', login_mode: 1, application_type: 35, settings: '{}' };
      await platform.library.write(async (tx) => {
        await tx
          .insertInto('session')
          .values({ ...row, created_at: now, last_access_at: now })
          .execute();
      });
    },
    close: async () => app.close(),
  };
}

interface Sent {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly options: PlanCall;
}

async function send(
  app: FastifyInstance,
  callers: Map<string, Caller>,
  { method, path, options }: Sent,
): Promise<PlanAnswer> {
  const { as = anAdministrator(), body, project = TUTORIAL } = options;
  const token = randomIds.token();
  callers.set(token, as);
  const response = await app.inject({
    method,
    url: `/api/longshore/plans${path}`,
    headers: {
      'x-mstr-authtoken': token,
      ...(project === null ? {} : { 'x-mstr-projectid': project }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: JSON.parse(response.body || '{}') as PlanAnswer['body'] };
}

/** A caller with privileges in one project alone. */
export const withRights = (privileges: readonly number[], projectId: string | null = TUTORIAL): Caller =>
  aCaller({
    hasPrivilege: (privilege, where) => privileges.includes(privilege) && (projectId === null || where === projectId),
    hasPrivilegeSomewhere: (privilege) => privileges.includes(privilege),
  });
