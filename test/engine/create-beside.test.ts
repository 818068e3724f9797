import { sql } from 'kysely';
import { beforeEach, expect, it, vi } from 'vitest';
import { parseStorePath, STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { createPackage } from '../../packages/server/src/features/migrations/create/create-package.service.ts';
import { freezeBeside } from '../../packages/server/src/features/migrations/create/freeze-beside.ts';
import type { FreezeBeside } from '../../packages/server/src/features/migrations/create/freeze-beside.ts';
import { PROJECT, anEnvironmentPair, anObject, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';

/** A package that two threads make is, to the byte, the one that a single one makes. */

const ROOT = idOf('ROOT');
const OBJECTS = 2_600;

/** What the thread beside did, of one package. */
let spansBeside = 0;
beforeEach(() => {
  spansBeside = 0;
});

function counted(beside: FreezeBeside): FreezeBeside {
  return {
    ...beside,
    freezer() {
      const freezer = beside.freezer();
      return (
        freezer && {
          get waiting() {
            return freezer.waiting;
          },
          freeze(span) {
            spansBeside += 1;
            return freezer.freeze(span);
          },
        }
      );
    },
  };
}

interface Made {
  readonly made: MadePackage;
  readonly bytes: Buffer;
}

interface MakeOptions {
  readonly merge?: true;
  /** Done in the transaction of the snapshot, before the other thread is started. */
  readonly before?: () => Promise<void>;
  /** Whether the other thread is expected to help. */
  readonly helps?: boolean;
}

const ALL = { content: [{ id: ROOT, type: 55, includeDependents: true }] };
const MERGE = {
  content: [],
  settings: {
    merge: {
      validateDependencies: false,
      translationAction: 'use_existing',
      objectTypeActions: [],
      folderActions: [],
      objectActions: [],
    },
  },
} as const;

async function makeAlone(
  source: EngineEnvironment,
  request: Parameters<EngineEnvironment['create']>[0],
): Promise<Made> {
  const made = await source.create(request);
  return { made, bytes: await bytesOf(source, made) };
}

/** Made when the other thread reads the snapshot already, so that it is sure to get its share. */
async function makeBeside(
  source: EngineEnvironment,
  request: Parameters<EngineEnvironment['create']>[0],
  { before, helps = true }: MakeOptions = {},
): Promise<Made> {
  const beside = counted(freezeBeside(source.metadata.location, 1));
  try {
    const made = await source.create(request, async (job, parts) => {
      // A transaction of SQLite has its state from the first read on.
      await sql`SELECT count(*) FROM object`.execute(parts.snapshot);
      await before?.();
      const contentList = job.settings.merge ? 'none' : 'shown';
      await beside.grown(OBJECTS, { snapshot: parts.snapshot, scope: PROJECT, contentList });
      if (helps) await vi.waitUntil(() => beside.freezer(), { timeout: 20_000 });
      return createPackage(job, { ...parts, beside });
    });
    return { made, bytes: await bytesOf(source, made) };
  } finally {
    await beside.close();
  }
}

async function bytesOf(source: EngineEnvironment, made: MadePackage): Promise<Buffer> {
  const { stream } = await source.files.openRead(parseStorePath(made.storagePath));
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}

/** The lines of both, without what names the package itself. */
async function expectSame(source: EngineEnvironment, one: Made, other: Made): Promise<void> {
  expect(other.made.result.content).toEqual(one.made.result.content);
  expect(other.made.result.objects).toBe(one.made.result.objects);
  const [lines, otherLines] = [
    await source.readPackage(one.made.storagePath),
    await source.readPackage(other.made.storagePath),
  ];
  expect(otherLines).toEqual(lines);
}

/** A dashboard that needs everything; bodies of a few KB, some with many bytes a character. */
async function fill(source: EngineEnvironment, bodyCharacters: (index: number) => number): Promise<void> {
  const ids = Array.from({ length: OBJECTS }, (_, index) => idOf(`O${index}`));
  await source.put(
    anObject({ id: ROOT, type: 55, name: 'Everything', definition: { needs: ids.map((objectId) => ({ objectId })) } }),
    ...ids.map((id, index) =>
      anObject({
        id,
        type: index % 2 === 0 ? 4 : 12,
        name: `Object ${index} ${'é'.repeat(index % 5)}`,
        definition: {
          text: (index % 3 === 0 ? '指' : 'x').repeat(bodyCharacters(index)),
          needs: [{ objectId: ids[index + 1] ?? ROOT }],
        },
      }),
    ),
  );
}

it.each([
  ['of listed objects', ALL],
  ['of a project merge', MERGE],
])('a package %s has the same content, whether one thread makes it or two', async (_, request) => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  await fill(source, (index) => 100 + (index % 700));
  const alone = await makeAlone(source, request);
  const beside = await makeBeside(source, request);
  expect(spansBeside).toBeGreaterThan(1);
  await expectSame(source, alone, beside);
});

it('bodies that do not fit into memory together are left to the thread of the job', async () => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  // Of some spans none fits, of some a part, and some fit whole.
  await fill(source, (index) => (index % 700 === 0 ? 9_000_000 : index < 600 ? 40_000 : 10));
  const alone = await makeAlone(source, ALL);
  const beside = await makeBeside(source, ALL);
  expect(spansBeside).toBeGreaterThan(1);
  await expectSame(source, alone, beside);
});

it('a package holds one state, although others write before and while the second thread reads', async () => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  await fill(source, () => 100);
  const alone = await makeAlone(source, ALL);
  const change = async (): Promise<void> =>
    source.put(anObject({ id: idOf('O7'), type: 12, name: 'Changed meanwhile' }));
  const isPostgres = source.metadata.location.startsWith('postgres');
  const beside = await makeBeside(source, ALL, { before: change, helps: isPostgres });
  // PostgreSQL gives the state on; SQLite does not, and the package is made by one thread.
  if (isPostgres) expect(spansBeside).toBeGreaterThan(1);
  else expect(spansBeside).toBe(0);
  await expectSame(source, alone, beside);
  expect((await makeBeside(source, ALL)).made.result.content).toContainEqual(
    expect.objectContaining({ name: 'Changed meanwhile' }),
  );
});

it('when the second thread dies, the package fails and leaves nothing behind', async () => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  await fill(source, () => 100);
  const beside = freezeBeside(source.metadata.location, 1);
  const made = source.create(ALL, async (job, parts) => {
    await sql`SELECT count(*) FROM object`.execute(parts.snapshot);
    await beside.grown(OBJECTS, { snapshot: parts.snapshot, scope: PROJECT, contentList: 'shown' });
    const freezer = await vi.waitUntil(() => beside.freezer(), { timeout: 20_000 });
    await beside.close();
    return createPackage(job, { ...parts, beside: { ...beside, freezer: () => freezer } });
  });
  await expect(made).rejects.toThrow('A thread beside a job has ended.');
  expect(await Array.fromAsync(source.files.list(STORE_FOLDERS.packages))).toEqual([]);
});

it('when the job is ended half way, nothing is left behind', async () => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  await fill(source, () => 3_000);
  const beside = freezeBeside(source.metadata.location, 1);
  const made = source.create(ALL, async (job, parts) => {
    await sql`SELECT count(*) FROM object`.execute(parts.snapshot);
    await beside.grown(OBJECTS, { snapshot: parts.snapshot, scope: PROJECT, contentList: 'shown' });
    await vi.waitUntil(() => beside.freezer(), { timeout: 20_000 });
    const onProgress = (progress: number): void => {
      if (progress > 50) throw new Error('ended by a test');
    };
    return createPackage(job, { ...parts, beside, onProgress });
  });
  await expect(made).rejects.toThrow('ended by a test');
  await beside.close();
  expect(await Array.fromAsync(source.files.list(STORE_FOLDERS.packages))).toEqual([]);
});
