import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type LibraryClient, type Migration } from '@longshore/client';
import { startServer, type RunningServer, type ServerConfig } from '@longshore/server';
import { databaseOf } from '../builders/databases.ts';

export const PASSWORD = 'an end-to-end password';
export const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
export const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';

export interface TestServer {
  readonly config: ServerConfig;
  readonly running: RunningServer;
  /** Logged in as Administrator. */
  readonly client: LibraryClient;
}

/** Two real servers, as `longshore serve` starts them, on one shared storage folder. */
export interface TwoEnvironments extends AsyncDisposable {
  readonly folder: string;
  readonly dev: TestServer;
  readonly prod: TestServer;
}

export async function twoEnvironments(
  changes: Partial<ServerConfig> = {},
  each: { readonly dev?: Partial<ServerConfig>; readonly prod?: Partial<ServerConfig> } = {},
): Promise<TwoEnvironments> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-e2e-'));
  const [dev, prod] = await Promise.all([
    startedServer(aConfig(folder, { name: 'dev', sample: 'tutorial', ...changes, ...each.dev })),
    startedServer(aConfig(folder, { name: 'prod', sample: 'tutorial-prod', ...changes, ...each.prod })),
  ]);
  return {
    folder,
    dev,
    prod,
    async [Symbol.asyncDispose]() {
      await Promise.all([dev.running.close(), prod.running.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

export function aConfig(folder: string, changes: Partial<ServerConfig>): ServerConfig {
  const name = changes.name ?? 'dev';
  return {
    name,
    host: '127.0.0.1',
    port: 0,
    url: null,
    dataDirectory: join(folder, name),
    database: databaseOf(join(folder, name)),
    storageLocation: join(folder, 'storage'),
    adminPassword: PASSWORD,
    sample: null,
    sessionTimeout: 1800,
    maxPackageBytes: 2 ** 31,
    nameClash: 'rename',
    logLevel: 'silent',
    ...changes,
  };
}

/** Whoever asks for it closes it. */
export async function startedServer(config: ServerConfig): Promise<TestServer> {
  const running = await startServer(config);
  // Not the configured address, under which several servers may be one environment.
  const client = createClient({ baseUrl: `${running.address}/MicroStrategyLibrary` });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  return { config, running, client };
}

export const isCreated = (record: Migration): boolean => record.packageInfo.status !== 'creating';
export const isImported = (record: Migration): boolean => record.importInfo.status !== 'importing';
export const isUndone = (record: Migration): boolean => record.importInfo.status !== 'undoing';

export interface WalkOptions {
  /** A project merge has none. */
  readonly content?: readonly { id: string; type: number; action?: string; includeDependents?: boolean }[];
  readonly type?: 'project' | 'configuration' | 'project_security';
  readonly purpose?: 'object_migration' | 'project_merge';
  readonly settings?: Record<string, unknown>;
  /** The target project; that of the source when it is left out. */
  readonly targetProjectId?: string;
}

/** Creates a package on the source, lets it be approved, and gives the record that the target is to be sent. */
export async function approvedPackage(
  source: TestServer,
  target: TestServer,
  options: WalkOptions,
): Promise<Migration> {
  const { id } = await createdPackage(source, target, options);
  await source.client.migrations.patch(id, { importInfo: { importRequestStatus: 'requested' } });
  await source.client.migrations.patch(id, { importInfo: { importRequestStatus: 'approved' } });
  return source.client.migrations.get(id, { show: 'all' });
}

/** Creates a package on the source that nobody has asked to import yet. */
export async function createdPackage(source: TestServer, target: TestServer, options: WalkOptions): Promise<Migration> {
  const record = await endedPackage(source, target, options);
  if (record.packageInfo.status !== 'created') throw new Error(record.packageInfo.message ?? 'create_failed');
  return record;
}

/** The same; its record once the job has ended, well or not. */
export async function endedPackage(
  source: TestServer,
  target: TestServer,
  { content, type = 'project', purpose, settings = {}, targetProjectId = PROJECT }: WalkOptions,
): Promise<Migration> {
  const projectId = type === 'configuration' ? undefined : PROJECT;
  const { id } = await source.client.migrations.create(
    {
      packageInfo: {
        type,
        ...(purpose === undefined ? {} : { purpose }),
        name: 'End to end',
        environment: { id: source.running.url, name: source.config.name },
        tocView: {
          settings: {
            updateSchema: [],
            ...(type === 'project_security' ? {} : { aclOnReplacingObjects: 'replace' }),
            aclOnNewObjects: ['keep_acl_as_source_object'],
            defaultAction: 'replace',
            ...settings,
          },
          ...(content === undefined ? {} : { content: [...content] }),
        },
        treeView: {},
      },
      importInfo: {
        environment: { id: target.running.url, name: target.config.name },
        ...(projectId === undefined ? {} : { project: { id: targetProjectId, name: 'MicroStrategy Tutorial' } }),
      },
    } as never,
    { projectId },
  );
  await source.client.migrations.waitFor(id, isCreated);
  return source.client.migrations.get(id, { show: 'all' });
}

export async function importInto(target: TestServer, record: Migration): Promise<Migration> {
  const projectId = record.packageInfo.type === 'configuration' ? undefined : record.importInfo.project?.id;
  await target.client.migrations.import(record, { projectId, undoPackage: 'generate' });
  return target.client.migrations.waitFor(record.id, isImported);
}

export async function undo(target: TestServer, id: string, projectId = PROJECT): Promise<Migration> {
  await target.client.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } });
  await target.client.migrations.patch(id, { importInfo: { undoRequestStatus: 'approved' } }, { projectId });
  return target.client.migrations.waitFor(id, isUndone);
}

export async function dumpOf(server: TestServer, projectId?: string): Promise<string> {
  const stream = await server.client.metadata.dump(projectId === undefined ? {} : { projectId });
  return new Response(stream).text();
}
