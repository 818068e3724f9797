import { afterAll, beforeAll, describe } from 'vitest';
import { aStorageServer, type StorageServer } from '../builders/storage-server.ts';
import { keepsUploadsAndDeletionsApart } from '../builders/upload-and-deletion.ts';

let first: StorageServer;
let second: StorageServer;

beforeAll(async () => {
  first = await aStorageServer();
  second = await aStorageServer({ after: first, instanceId: 'another' });
});
afterAll(async () => {
  await second.stop();
  await first.close();
});

describe('two nodes on one folder', () => {
  keepsUploadsAndDeletionsApart(() => ({ first, second, storedFiles: () => first.fileNames() }));
});
