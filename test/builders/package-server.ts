import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WELL_KNOWN } from '@longshore/domain';
import {
  createHolderListener,
  createHolderProgress,
  freeEndedSessions,
  packageRoutes,
  settleHolders,
} from '../../packages/server/src/features/packages/index.ts';
import { FilesystemStore } from '../../packages/server/src/platform/files/filesystem-store.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import type { JobListener, MigrationJob } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { anAdministrator } from './api.ts';
import { createHeldRunner, PLATFORM, type HeldRunner } from './held-runner.ts';
import type { PackageBody } from './package-api.ts';
import { aPlatform, type TestPlatform } from './platform.ts';

export const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const SESSION_TIMEOUT = 1800;

/** The older package API over real databases and a real store, with a runner that a test holds. */
export interface PackageServer {
  readonly platform: TestPlatform;
  readonly runner: HeldRunner;
  readonly files: FilesystemStore;
  /** Jobs that were passed on to the listener of migrations. */
  readonly passedOn: readonly MigrationJob[];
  /** Opens a session. @returns its token */
  login(): Promise<string>;
  /** Ends a session without telling anybody. */
  forgetSession(token: string): Promise<void>;
  call(
    token: string,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: PackageBody }>;
  settle(): Promise<void>;
  free(): Promise<void>;
  /** Paths of all files in the area of sessions. */
  storedFiles(): Promise<string[]>;
  close(): Promise<void>;
}

export async function aPackageServer(): Promise<PackageServer> {
  const location = await mkdtemp(join(tmpdir(), 'longshore-packages-'));
  const platform = await aPlatform();
  await addProject(platform);
  const files = new FilesystemStore({ location, instanceId: 'dev' });
  const passedOn: MigrationJob[] = [];
  const migrations: JobListener = {
    progressed: (job) => void passedOn.push(job),
    ended: async (job) => void passedOn.push(job),
    superseded: async (job) => void passedOn.push(job),
  };
  const progress = createHolderProgress();
  const parts = { platform, files, sessionTimeout: SESSION_TIMEOUT };
  const runner = createHeldRunner(files, createHolderListener({ ...parts, progress, listener: migrations }));
  const callers = new Map<string, Caller>();
  const app = createApp({
    ids: platform.ids,
    logger: false,
    authenticate: async (token) => callers.get(token) ?? null,
  });
  const options = {
    environment: { id: 'https://dev/', name: 'dev' },
    maxPackageBytes: 2 ** 31,
    nameClash: 'rename',
    platformVersion: PLATFORM,
  } as const;
  addApiRoutes(app, packageRoutes({ platform, files, runner, progress, options }));
  await app.ready();
  return {
    platform,
    runner,
    files,
    passedOn,
    async login() {
      const token = platform.ids.token();
      callers.set(token, { ...anAdministrator(), sessionId: token });
      await addSession(platform, token);
      return token;
    },
    async forgetSession(token) {
      await platform.library.write(async (tx) => {
        await tx.deleteFrom('session').where('id', '=', token).execute();
      });
    },
    async call(token, method, path, body) {
      const response = await app.inject({
        method,
        url: `/api${path}`,
        headers: { 'x-mstr-authtoken': token, 'x-mstr-projectid': PROJECT, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: response.statusCode, body: JSON.parse(response.body || '{}') as PackageBody };
    },
    async settle() {
      runner.forget();
      await settleHolders(parts);
    },
    free: () => freeEndedSessions(parts),
    async storedFiles() {
      const paths: string[] = [];
      for await (const file of files.list('mstr/shared/packages' as never)) paths.push(file.path);
      return paths;
    },
    async close() {
      await app.close();
      await platform.close();
      await rm(location, { recursive: true });
    },
  };
}

async function addProject(platform: TestPlatform): Promise<void> {
  const date = '2001-01-02T20:48:10.000+0000';
  const row = { id: PROJECT, name: 'Tutorial', alias: '', description: '', owner_id: WELL_KNOWN.administrator };
  await platform.metadata.write(async (tx) => {
    await tx
      .insertInto('project')
      .values({ ...row, date_created: date, date_modified: date })
      .execute();
  });
}

async function addSession(platform: TestPlatform, id: string): Promise<void> {
  const now = platform.clock.now();
  const moments = { created_at: now, last_access_at: now };
  const row = {
    token_hash: id,
    id,
    user_id: WELL_KNOWN.administrator,
    login_mode: 1,
    application_type: 35,
    settings: '{}',
  };
  await platform.library.write(async (tx) => {
    await tx
      .insertInto('session')
      .values({ ...row, ...moments })
      .execute();
  });
}
