import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Migration, MigrationList } from '@longshore/contracts';
import { WELL_KNOWN } from '@longshore/domain';
import {
  createJobListener,
  createJobProgress,
  createPackageInspector,
  migrationRoutes,
  settleMigrations,
} from '../../packages/server/src/features/migrations/index.ts';
import {
  createGroupChains,
  migrationGroupRoutes,
  settleGroups,
  type GroupChains,
} from '../../packages/server/src/features/migration-groups/index.ts';
import { dropDatabases, locationOf } from './databases.ts';
import { openDatabase } from '../../packages/server/src/platform/db/database.ts';
import type { LibraryTables } from '../../packages/server/src/platform/db/library-schema.ts';
import { LIBRARY_MIGRATIONS } from '../../packages/server/src/platform/db/library-tables.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { METADATA_MIGRATIONS } from '../../packages/server/src/platform/db/metadata-tables.ts';
import { FilesystemStore } from '../../packages/server/src/platform/files/filesystem-store.ts';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import type { Caller, Privilege } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { randomIds } from '../../packages/server/src/platform/ids.ts';
import type { Platform } from '../../packages/server/src/platform/platform.ts';
import { PLATFORM, createHeldRunner, type HeldRunner } from './held-runner.ts';

export const TUTORIAL = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
export const OTHER_PROJECT = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
export const START = Date.UTC(2022, 2, 16, 7, 38, 40, 125);

/** A clock that moves only when a test moves it. */
export interface HandClock {
  now(): number;
  advance(milliseconds: number): void;
}

/** Everything that an answer of the migration endpoints may hold; which of it is there, the test says. */
export interface AnswerBody extends Migration, Omit<MigrationList, 'data'> {
  readonly data: readonly Migration[];
  readonly code: string;
  readonly message: string;
  readonly ticketId: string;
  readonly subErrors: readonly { message: string; additionalProperties: Record<string, string> }[];
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** Privileges that a caller holds everywhere, or a rule by project. */
export type Held = readonly Privilege[] | ((privilege: number, projectId: string | null) => boolean);

export interface Call {
  readonly body?: unknown;
  readonly project?: string;
  /** Privileges of the caller; everything when it is left out. */
  readonly as?: Held;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

export interface TestEnvironment {
  readonly app: FastifyInstance;
  readonly platform: Platform;
  readonly clock: HandClock;
  readonly files: FileStore;
  readonly runner: HeldRunner;
  readonly chains: GroupChains;
  readonly storage: string;
  readonly id: string;
  readonly adminToken: string;
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, options?: Call): Promise<Answer>;
  /** What a start after a crash does before it answers anything. */
  settle(): Promise<void>;
}

export interface World {
  readonly storage: string;
  start(name: string): Promise<TestEnvironment>;
  close(): Promise<void>;
}

/** A storage location, and environments that share it. */
export async function createWorld(): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'longshore-migrations-'));
  const storage = join(root, 'storage');
  await mkdir(storage);
  const closing: (() => Promise<void>)[] = [];
  return {
    storage,
    async start(name) {
      await mkdir(join(root, name));
      const { environment, close } = await startEnvironment(name, join(root, name), storage);
      closing.push(close);
      return environment;
    },
    async close() {
      for (const close of closing) await close();
      await rm(root, { recursive: true });
    },
  };
}

async function startEnvironment(
  name: string,
  folder: string,
  storage: string,
): Promise<{ environment: TestEnvironment; close: () => Promise<void> }> {
  const clock = handClock();
  const platform = await openPlatform(folder, clock);
  const files = new FilesystemStore({ location: storage, instanceId: name });
  const progress = createJobProgress();
  const chains = createGroupChains({
    platform,
    listener: createJobListener(platform, files, progress),
    runner: {
      enqueue: (tx, job, sequel) => runner.enqueue(tx, job, sequel),
      submit: (job, sequel) => runner.submit(job, sequel),
    },
    environment: () => options.environment,
  });
  const runner = createHeldRunner(files, chains.listener, (job, sequel) => chains.adopt(job, sequel));
  const inspector = createPackageInspector(files, PLATFORM);
  const id = `https://${name}/MicroStrategyLibrary/`;
  const options = { environment: { id, name }, maxPackageBytes: 2 ** 31, nameClash: 'rename' } as const;
  const callers = new Map<string, Caller>();
  const app = createApp({
    ids: randomIds,
    logger: false,
    authenticate: async (token) => callers.get(token) ?? null,
  });
  const deps = { platform, files, runner, progress, inspector, options };
  addApiRoutes(app, migrationRoutes(deps));
  addApiRoutes(app, migrationGroupRoutes({ ...deps, chains, groupOptions: { maxGroupMembers: 4 } }));
  await app.ready();
  const adminToken = signIn(callers, null);
  const environment: TestEnvironment = {
    app,
    platform,
    clock,
    files,
    runner,
    storage,
    id,
    adminToken,
    call: (method, url, call = {}) => send(app, { method, url, call, token: tokenOf(call, callers, adminToken) }),
    chains,
    async settle() {
      runner.forget();
      await settleMigrations({ platform, files });
      await settleGroups({ platform });
    },
  };
  const close = async (): Promise<void> => {
    await app.close();
    await platform.library.close();
    await platform.metadata.close();
    await dropDatabases(folder);
  };
  return { environment, close };
}

function handClock(): HandClock {
  let now = START;
  return { now: () => now, advance: (milliseconds) => void (now += milliseconds) };
}

async function openPlatform(folder: string, clock: HandClock): Promise<Platform> {
  const platform: Platform = {
    clock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    metadata: await openDatabase<MetadataTables>({
      location: await locationOf(folder, 'metadata'),
      migrations: METADATA_MIGRATIONS,
      lockPatience: 1000,
    }),
    library: await openDatabase<LibraryTables>({
      location: await locationOf(folder, 'library'),
      migrations: LIBRARY_MIGRATIONS,
      lockPatience: 1000,
    }),
  };
  await platform.metadata.write(async (tx) => {
    for (const [id, name] of [
      [TUTORIAL, 'MicroStrategy Tutorial'],
      [OTHER_PROJECT, 'Human Resources'],
    ] as const) {
      const dates = { date_created: '2001-01-02T20:48:10.000+0000', date_modified: '2001-01-02T20:48:10.000+0000' };
      const row = { id, name, alias: '', description: '', owner_id: WELL_KNOWN.administrator, ...dates };
      await tx.insertInto('project').values(row).execute();
    }
  });
  return platform;
}

function tokenOf(call: Call, callers: Map<string, Caller>, adminToken: string): string {
  if (call.token !== undefined) return call.token;
  return call.as === undefined ? adminToken : signIn(callers, call.as);
}

/** A session of a user with these privileges; null for all of them. */
function signIn(callers: Map<string, Caller>, held: Held | null): string {
  const token = randomIds.token();
  const holds = (privilege: number, projectId: string | null): boolean => {
    if (held === null) return true;
    return typeof held === 'function' ? held(privilege, projectId) : held.includes(privilege as Privilege);
  };
  callers.set(token, {
    sessionId: token,
    user: { id: WELL_KNOWN.administrator, name: 'Administrator', login: 'administrator' },
    principalIds: [WELL_KNOWN.administrator, WELL_KNOWN.everyone],
    isAdministrator: held === null,
    hasPrivilege: holds,
    hasPrivilegeSomewhere: (privilege) =>
      [null, TUTORIAL, OTHER_PROJECT].some((projectId) => holds(privilege, projectId)),
  });
  return token;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly call: Call;
  readonly token: string;
}

async function send(app: FastifyInstance, { method, url, call, token }: Request): Promise<Answer> {
  const response = await app.inject({
    method,
    url: `/api${url}`,
    headers: {
      'content-type': 'application/json',
      'x-mstr-authtoken': token,
      ...(call.project === undefined ? {} : { 'x-mstr-projectid': call.project }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { payload: JSON.stringify(call.body) }),
  });
  return { status: response.statusCode, body: JSON.parse(response.body || '{}') as AnswerBody };
}
