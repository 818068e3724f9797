import { afterAll, beforeAll } from 'vitest';
import { fileStoreContract } from '../../packages/server/src/platform/files/file-store.contract.ts';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import { aS3Server, type S3Server } from '../builders/s3-server.ts';

let server: S3Server;
let buckets = 0;

beforeAll(async () => {
  server = await aS3Server();
});
afterAll(() => server.close());

async function aBucket(prefix = ''): ReturnType<S3Server['place']> {
  buckets += 1;
  return server.place(`bucket-${buckets}`, prefix);
}

fileStoreContract('a bucket', async () => {
  const place = await aBucket();
  return { dev: new S3Store({ place, instanceId: 'dev' }), prod: new S3Store({ place, instanceId: 'prod' }) };
});

fileStoreContract('a folder in a bucket', async () => {
  const place = await aBucket('team/longshore');
  return { dev: new S3Store({ place, instanceId: 'dev' }), prod: new S3Store({ place, instanceId: 'prod' }) };
});
