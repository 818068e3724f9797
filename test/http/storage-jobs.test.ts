import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError, MESSAGES, type Migration } from '@longshore/contracts';
import { startServer, type RunningServer } from '@longshore/server';
import type { JobOutcome, UndoJob } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { createMigrationRunner } from '../../packages/server/src/features/migrations/migration-runner.ts';
import { databaseOf } from '../builders/databases.ts';
import { createBody } from '../builders/migration-walk.ts';
import { TUTORIAL } from '../builders/migration-environment.ts';
import { FILES, STORAGE, announcement, filesUnder, formOf } from '../builders/storage-server.ts';

const PASSWORD = 'storage-jobs-password';

let folder: string;
let server: RunningServer;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-jobs-'));
  server = await startServer({
    name: 'dev',
    host: '127.0.0.1',
    port: 0,
    url: null,
    dataDirectory: join(folder, 'data'),
    database: databaseOf(join(folder, 'data')),
    storageLocation: join(folder, 'first'),
    adminPassword: PASSWORD,
    sample: 'tutorial',
    sessionTimeout: 1800,
    maxPackageBytes: 2 ** 31,
    nameClash: 'rename',
    logLevel: 'silent',
  });
  const body = JSON.stringify({ username: 'administrator', password: PASSWORD });
  const login = await fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  token = login.headers.get('x-mstr-authtoken') ?? '';
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers: {
      'x-mstr-authtoken': token,
      'x-mstr-projectid': TUTORIAL,
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function createPackage(): Promise<Migration> {
  const posted = await call('POST', '/migrations', createBody(server.url));
  const { id } = (await posted.json()) as Migration;
  return vi.waitFor(
    async () => {
      const record = (await (await call('GET', `/migrations/${id}`)).json()) as Migration;
      expect(record.packageInfo).toMatchObject({ status: 'created', message: '' });
      return record;
    },
    { timeout: 30_000, interval: 50 },
  );
}

describe('jobs in threads of their own', () => {
  it('use the storage that is configured when they are asked for', async () => {
    await createPackage();
    expect(await filesUnder(join(folder, 'first'))).toHaveLength(1);
    const second = join(folder, 'second');
    await mkdir(second);
    await call('PATCH', STORAGE, { sharedFileStore: { type: 'file_system', location: second } });
    const { packageInfo } = await createPackage();
    expect(await filesUnder(join(folder, 'first'))).toHaveLength(1);
    expect(await filesUnder(second)).toEqual([packageInfo.storage.path?.slice(-36)]);
  });

  it('make packages that can be downloaded, and uploaded again as they are', async () => {
    const { packageInfo } = await createPackage();
    const downloaded = await call('GET', `/migrations/packages/${packageInfo.id}/binary`);
    expect(downloaded.headers.get('content-disposition')).toBe('attachment; filename=ProjectMigration_success.mmp');
    const bytes = Buffer.from(await downloaded.arrayBuffer());
    expect(bytes.length).toBe(packageInfo.storage.size);
    const announced = await call('POST', FILES, announcement(bytes));
    const { id } = (await announced.json()) as { id: string };
    const uploaded = await call('PUT', `${FILES}/${id}/binary`, formOf(bytes));
    expect(await uploaded.json()).toMatchObject({ existing: true, size: bytes.length });
    const again = await call('GET', `${FILES}/${id}/binary`);
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('fail with the known text when no storage is configured by then', async () => {
    const outcomes: JobOutcome[] = [];
    const runner = createMigrationRunner({
      adopt: () => undefined,
      metadataLocation: join(folder, 'none.sqlite'),
      instanceId: 'dev',
      log: pino({ level: 'silent' }),
      beforeJob: () => Promise.resolve(),
      environment: () => ({ id: 'dev', name: 'dev' }),
      storagePlace: async () => {
        throw new AppError('storageMisconfigured', MESSAGES.storageMisconfigured);
      },
      listener: {
        progressed: () => undefined,
        ended: async (_job, outcome) => void outcomes.push(outcome),
        superseded: () => Promise.resolve(),
      },
    });
    const job: UndoJob = {
      kind: 'undo',
      packageId: 'P',
      importId: 'I',
      undoPath: null,
      projectId: null,
      caller: { id: 'U', name: 'User', principalIds: [], bypassesSecurity: true },
    };
    runner.submit(job);
    await runner.drain();
    await runner.close();
    expect(outcomes).toEqual([{ kind: 'failed', message: MESSAGES.storageMisconfigured }]);
  });
});
