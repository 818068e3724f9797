import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import type { S3Place } from '../../packages/server/src/platform/files/s3/s3-place.ts';
import { aS3Server, S3_KEYS, S3_REGION, type S3Server } from '../builders/s3-server.ts';
import { STORAGE, aStorageServer, type StorageServer } from '../builders/storage-server.ts';
import { keepsUploadsAndDeletionsApart } from '../builders/upload-and-deletion.ts';

let s3: S3Server;
let place: S3Place;
let first: StorageServer;
let second: StorageServer;

beforeAll(async () => {
  s3 = await aS3Server();
  place = await s3.place('two-nodes');
  first = await aStorageServer();
  const sharedFileStore = {
    type: 'S3',
    location: place.bucket,
    s3Region: S3_REGION,
    s3Endpoint: place.endpoint,
    awsAccessId: S3_KEYS.accessKeyId,
    awsSecretKey: S3_KEYS.secretAccessKey,
  };
  const { status, text } = await first.call('PATCH', STORAGE, { json: { sharedFileStore } });
  if (status !== 204) throw new Error(text);
  second = await aStorageServer({ after: first, instanceId: 'another' });
});
afterAll(async () => {
  await second?.stop();
  await first?.close();
  await s3?.close();
});

async function keys(): Promise<string[]> {
  const client = new S3Client({
    endpoint: place.endpoint ?? '',
    region: S3_REGION,
    credentials: S3_KEYS,
    forcePathStyle: true,
  });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: place.bucket }));
  client.destroy();
  return Contents.map(({ Key = '' }) => Key);
}

describe('two nodes on one bucket', () => {
  keepsUploadsAndDeletionsApart(() => ({ first, second, storedFiles: keys }));
});
