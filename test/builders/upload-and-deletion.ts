import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { RawUpload, formParts } from './raw-upload.ts';
import { FILES, announce, listed, upload, type StorageServer } from './storage-server.ts';

/** Two processes of one environment, on one store. */
export interface TwoNodes {
  readonly first: StorageServer;
  readonly second: StorageServer;
  /** Paths of all files in the store, unfinished ones included. */
  readonly storedFiles: () => Promise<string[]>;
}

const ROUNDS = 24;

/** Whatever comes first of an upload over one node and a deletion over the other: no bytes without a record, or the other way. */
export function keepsUploadsAndDeletionsApart(nodes: () => TwoNodes): void {
  it('a file that is deleted over another node while it is uploaded never appears', async () => {
    const { first, second, storedFiles } = nodes();
    const { file: bytes } = await pack(objectsOf(40));
    const { id } = await announce(first, bytes);
    const { head, tail } = formParts();
    const raw = await RawUpload.begin(first, id, head.length + bytes.length + tail.length);
    raw.send(Buffer.concat([head, bytes.subarray(0, bytes.length - 10)]));
    await delay(100);
    expect((await second.call('DELETE', `${FILES}/${id}`)).status).toBe(204);
    raw.send(Buffer.concat([bytes.subarray(bytes.length - 10), tail]));
    expect(await raw.answers()).toMatch(/^HTTP\/1.1 404 /);
    raw.socket.destroy();
    expect(await storedFiles()).toEqual([]);
    expect(await listed(first, id)).toBeUndefined();
  });

  it('both at the same moment leave a record with its bytes, or neither', async () => {
    const { first, second, storedFiles } = nodes();
    const { file: bytes } = await pack(objectsOf(4));
    const ended: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await announce(first, bytes);
      const deletion = async () => {
        await delay((round % 12) * 3);
        return second.call('DELETE', `${FILES}/${id}`);
      };
      const [uploaded, deleted] = await Promise.all([upload(first, id, bytes), deletion()]);
      expect([200, 404]).toContain(uploaded.status);
      expect(deleted.status).toBe(204);
      ended[uploaded.status] = (ended[uploaded.status] ?? 0) + 1;
      expect(await storedFiles()).toEqual([]);
      expect(await first.platform.library.reader.selectFrom('file_removal').selectAll().execute()).toEqual([]);
    }
    expect(Object.values(ended).reduce((sum, count) => sum + count, 0)).toBe(ROUNDS);
  });

  it('an upload over both nodes at the same moment is taken once, and the bytes are those of the record', async () => {
    const { first, second, storedFiles } = nodes();
    const { file: bytes } = await pack(objectsOf(4));
    const { id } = await announce(first, bytes);
    const answers = await Promise.all([upload(first, id, bytes), upload(second, id, bytes)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(answers.find(({ status }) => status === 400)?.body.message).toContain('was uploaded already');
    expect(await storedFiles()).toHaveLength(1);
    expect(await listed(second, id)).toMatchObject({ existing: true });
    expect((await second.call('DELETE', `${FILES}/${id}`)).status).toBe(204);
    expect(await storedFiles()).toEqual([]);
  });
}
