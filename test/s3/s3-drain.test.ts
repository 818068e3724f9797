import { createClient } from '@longshore/client';
import { startServer } from '@longshore/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { aS3Server, S3_KEYS, S3_REGION } from '../builders/s3-server.ts';
import { aTcpProxy } from '../builders/tcp-proxy.ts';
import {
  approvedPackage,
  dumpOf,
  importInto,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  YEAR,
} from '../e2e/two-environments.ts';

it('a job that hangs on its storage is cut at the drain limit, has changed nothing, and says so', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', S3_KEYS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', S3_KEYS.secretAccessKey);
  onTestFinished(() => void vi.unstubAllEnvs());
  const s3 = await aS3Server();
  onTestFinished(() => s3.close());
  const proxy = await aTcpProxy(s3.port);
  onTestFinished(() => proxy.close());
  await s3.place('drained');
  await using pair = await twoEnvironments({
    storageLocation: 's3://drained',
    s3: { endpoint: `http://127.0.0.1:${proxy.port}`, region: S3_REGION, addressing: null },
    drain: { drainDelay: 0, drainTimeout: 1 },
  });
  const { dev, prod } = pair;
  const before = await dumpOf(prod);
  const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
  const hanging = proxy.stallBefore(/^PUT [^ ]*\/migrations\/undo\//);
  await prod.client.migrations.import(record, { projectId: PROJECT, undoPackage: 'generate' });
  await hanging;
  await prod.running.close();
  proxy.mend();
  const again = await startServer(prod.config);
  onTestFinished(() => again.close());
  const client = createClient({ baseUrl: again.url });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  const { importInfo } = await client.migrations.get(record.id);
  expect(importInfo).toMatchObject({ status: 'import_failed', message: expect.stringContaining('interrupted') });
  const restarted = { ...prod, running: again, client };
  expect(await dumpOf(restarted)).toBe(before);
  expect((await importInto(restarted, record)).importInfo).toMatchObject({ status: 'imported' });
});
