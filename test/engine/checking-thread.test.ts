import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { JobCancelled } from '../../packages/server/src/platform/jobs/job-cancellation.ts';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';

/** The entries of a package of some size are checked in a thread beside that of the job. */

const workers: Worker[] = [];
const note = (worker: Worker): void => {
  workers.push(worker);
};

beforeEach(() => {
  workers.length = 0;
  process.on('worker', note);
});

afterEach(() => {
  process.off('worker', note);
  vi.restoreAllMocks();
});

const reports = Array.from({ length: 20 }, (_, n) =>
  anObject({
    id: idOf(`REPORT${n}`),
    type: 3,
    name: `Report ${n}`,
    definition: { text: randomBytes(500_000).toString('base64url') },
  }),
);

/** A package of 10 MB, of which a chunk holds five objects, or six. */
async function aLargePackage(source: EngineEnvironment): Promise<MadePackage> {
  await source.put(...reports);
  const made = await source.create({ content: reports.map(({ id, type }) => ({ id, type })) });
  expect(made.result.size).toBeGreaterThan(9_000_000);
  return made;
}

/** Lets the first bytes of package files through, and the rest when something has happened to the thread. */
function heldUntil(target: EngineEnvironment, happened: (worker: Worker) => Promise<unknown>): void {
  const open = target.files.openRead.bind(target.files);
  vi.spyOn(target.files, 'openRead').mockImplementation(async (...args: Parameters<FileStore['openRead']>) => {
    const { stream, size } = await open(...args);
    return { stream: Readable.from(held(stream, happened)), size };
  });
}

async function* held(stream: Readable, happened: (worker: Worker) => Promise<unknown>): AsyncGenerator<Buffer> {
  const before = workers.length;
  let isHeld = true;
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    yield bytes;
    if (!isHeld) continue;
    while (workers.length === before) await new Promise(setImmediate);
    await happened(workers.at(-1) as Worker);
    isHeld = false;
  }
}

const isUp = (worker: Worker): Promise<unknown> => once(worker, 'message');
const dies = async (worker: Worker): Promise<unknown> => worker.terminate();
const diesWhenUp = async (worker: Worker): Promise<void> => {
  await isUp(worker);
  await worker.terminate();
};

/** Threads that have ended have no id. */
const threadsLeft = (): number => workers.filter(({ threadId }) => threadId !== -1).length;

describe('a package of some size', () => {
  it('is imported, replaced and undone with the thread, of which nothing is left', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    const before = await target.dump();
    heldUntil(target, isUp);
    const imported = await target.import(made);
    expect(imported.counts).toMatchObject({ create: 20 });
    expect(await target.dump()).toEqual(await source.dump());
    expect(await target.findWrongHashes()).toEqual([]);
    expect([workers.length, threadsLeft()]).toEqual([1, 0]);
    expect((await target.import(made)).counts).toMatchObject({ keep: 22 });
    expect(await target.validate(made)).toMatchObject({ counts: { keep: 22 } });
    vi.restoreAllMocks();
    await target.undo(made, imported.importId);
    expect(await target.dump()).toEqual(before);
    expect([workers.length, threadsLeft()]).toEqual([3, 0]);
  });

  it('is not imported when the thread dies before it is up, or while it is asked', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    const before = await target.dump();
    for (const [imports, happened] of [dies, diesWhenUp].entries()) {
      heldUntil(target, happened);
      await expect(target.import(made)).rejects.toThrow('A thread beside a job has ended.');
      vi.restoreAllMocks();
      expect([workers.length, threadsLeft()]).toEqual([imports + 1, 0]);
      expect(await target.dump()).toEqual(before);
    }
    expect((await target.import(made)).counts).toMatchObject({ create: 20 });
  });

  it('leaves no thread when it is cancelled while it is read', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    const before = await target.dump();
    heldUntil(target, isUp);
    const onProgress = (progress: number): void => {
      if (progress > 10) throw new JobCancelled();
    };
    await expect(target.import(made, {}, undefined, onProgress)).rejects.toThrow(new JobCancelled().message);
    expect([workers.length, threadsLeft()]).toEqual([1, 0]);
    expect(await target.dump()).toEqual(before);
  });

  it('is refused as a small one is when a definition is not the one that its header names', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const hash = 'f'.repeat(64);
    await source.put(...reports);
    await source.metadata.write(async (tx) => {
      await tx.updateTable('object').set({ body_hash: hash }).where('id', '=', idOf('REPORT7')).execute();
    });
    const made = await source.create({ content: reports.map(({ id, type }) => ({ id, type })) });
    const before = await target.dump();
    heldUntil(target, isUp);
    await expect(target.import(made)).rejects.toThrow(
      `The package file is damaged: the definition of object ${idOf('REPORT7')} is not the one that its header names. ` +
        'Create the package again.',
    );
    expect([workers.length, threadsLeft()]).toEqual([1, 0]);
    expect(await target.dump()).toEqual(before);
  });
});

it('a small package starts no thread', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  await source.put(anObject({ id: idOf('REPORT'), type: 3 }));
  await target.import(await source.create({ content: [{ id: idOf('REPORT'), type: 3 }] }));
  expect(workers).toEqual([]);
});
