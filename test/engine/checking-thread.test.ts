import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { JobCancelled } from '../../packages/server/src/platform/jobs/job-cancellation.ts';
import type { MetadataObject } from '@longshore/domain';
import { after } from './overtaken-connection.ts';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';

/** The entries of a package of some size are checked in a thread beside that of the job, which stages their references. */

interface NotedWorker {
  readonly worker: Worker;
  /** Its first message says that it can work. */
  readonly isUp: Promise<unknown>;
}

const workers: NotedWorker[] = [];
const note = (worker: Worker): void => {
  const isUp = once(worker, 'message');
  isUp.catch(() => undefined);
  workers.push({ worker, isUp });
};

let scratchFolder: string;

beforeEach(() => {
  workers.length = 0;
  process.on('worker', note);
  scratchFolder = mkdtempSync(join(tmpdir(), 'scratch-'));
  process.env['SQLITE_TMPDIR'] = scratchFolder;
});

afterEach(() => {
  // Whatever has happened.
  expect(readdirSync(scratchFolder)).toEqual([]);
  delete process.env['SQLITE_TMPDIR'];
  rmSync(scratchFolder, { recursive: true });
  process.off('worker', note);
  vi.restoreAllMocks();
});

const reports = Array.from({ length: 20 }, (_, n) =>
  anObject({
    id: idOf(`REPORT${n}`),
    type: 3,
    name: `Report ${n}`,
    definition: {
      text: randomBytes(500_000).toString('base64url'),
      needs: ['USED', `REPORT${(n + 1) % 20}`].map((other) => ({ objectId: idOf(other) })),
    },
  }),
);

const used = anObject({ id: idOf('USED'), type: 12, name: 'Used' });

/** A package of 10 MB, of which a chunk holds five objects, or six. */
async function aLargePackage(source: EngineEnvironment): Promise<MadePackage> {
  await source.put(used, ...reports);
  const made = await source.create({ content: reports.map(({ id, type }) => ({ id, type })) });
  expect(made.result.size).toBeGreaterThan(9_000_000);
  return made;
}

/** Lets the first bytes of package files through, and the rest when something has happened to the thread. */
function heldUntil(target: EngineEnvironment, happened: (noted: NotedWorker) => Promise<unknown>): void {
  const open = target.files.openRead.bind(target.files);
  vi.spyOn(target.files, 'openRead').mockImplementation(async (...args: Parameters<FileStore['openRead']>) => {
    const { stream, size } = await open(...args);
    return { stream: Readable.from(held(stream, happened)), size };
  });
}

async function* held(stream: Readable, happened: (noted: NotedWorker) => Promise<unknown>): AsyncGenerator<Buffer> {
  let isHeld = true;
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    yield bytes;
    if (isHeld) await happened(workers.at(-1) as NotedWorker);
    isHeld = false;
  }
}

const isUp = (noted: NotedWorker): Promise<unknown> => noted.isUp;
const dies = async ({ worker }: NotedWorker): Promise<unknown> => worker.terminate();
const diesWhenUp = async (noted: NotedWorker): Promise<void> => {
  await noted.isUp;
  await noted.worker.terminate();
};

/** Threads that have ended have no id. */
const threadsLeft = (): number => workers.filter(({ worker }) => worker.threadId !== -1).length;

describe('a package of some size', () => {
  it('is imported, replaced and undone with the thread, of which nothing is left', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    await target.put(used);
    const before = await target.dump();
    heldUntil(target, isUp);
    const imported = await target.import(made);
    expect(imported.counts).toMatchObject({ create: 20 });
    expect(await target.dump()).toEqual(await source.dump());
    expect(await target.references()).toEqual(await source.references());
    expect(await target.findWrongHashes()).toEqual([]);
    expect([workers.length, threadsLeft()]).toEqual([1, 0]);
    expect((await target.import(made)).counts).toMatchObject({ keep: 22 });
    expect(await target.validate(made)).toMatchObject({ counts: { keep: 22 } });
    vi.restoreAllMocks();
    await target.undo(made, imported.importId);
    expect(await target.dump()).toEqual(before);
    expect([workers.length, threadsLeft()]).toEqual([3, 0]);
  });

  it('is refused when it needs what is not there, with its name', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    const before = await target.dump();
    heldUntil(target, isUp);
    await expect(target.import(made)).rejects.toThrow(
      `The report 'Report 0' (${idOf('REPORT0')}) needs the object 'Used' (${idOf('USED')}), ` +
        'which the target would not have.',
    );
    expect(await target.dump()).toEqual(before);
  });

  it('is read again in the transaction, and written whole, when the target was changed meanwhile', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    await target.put(used, ...reports);
    const [first] = reports as [MetadataObject];
    heldUntil(target, isUp);
    const change = () => target.put({ ...first, version: idOf('V2'), definition: { needs: [] } });
    expect((await target.import(made, {}, after(change))).counts).toEqual({ keep: 21, replace: 1 });
    expect(await target.dump()).toEqual(await source.dump());
    expect(await target.references()).toEqual(await source.references());
    expect(await target.findWrongHashes()).toEqual([]);
    expect([workers.length, threadsLeft()]).toEqual([2, 0]);
  });

  it('is planned with the thread through a connection that can only read', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    await target.put(used);
    heldUntil(target, isUp);
    expect(await target.plan(made)).toEqual({ create: 20, keep: 2 });
    expect([workers.length, threadsLeft()]).toEqual([1, 0]);
  });

  it('is not imported when the thread dies before it is up, or while it is asked', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const made = await aLargePackage(source);
    await target.put(used);
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
    await target.put(used);
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
    await source.put(used, ...reports);
    await target.put(used);
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
