import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, integer, nat, option, record, uniqueArray } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryText } from '../../../platform/db/bulk.ts';
import { openConnection, type Connection } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { neededObjects, type NeededObjects } from './needed-objects.ts';
import { startPackageThread, type PackageThread } from './package-thread-questions.ts';
import { referenceTables, type ReferenceStaging } from './reference-staging.ts';
import { referencesBeside } from './references-beside.ts';
import { refuseUnstaged } from './staging-refusal.ts';
import { referencesHere, resetStaging } from './staging.repository.ts';

let folder: string;
let thread: PackageThread;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'references-'));
  process.env['SQLITE_TMPDIR'] = folder;
  thread = startPackageThread();
});
afterAll(async () => {
  await thread.close();
  delete process.env['SQLITE_TMPDIR'];
  rmSync(folder, { recursive: true });
});

const openFile = (): Promise<Connection<MetadataTables>> =>
  openConnection(join(folder, 'metadata.sqlite'), { mode: 'writer', busyTimeout: 1000 });

/** What is staged, or why not. */
async function staged(db: Connection<MetadataTables>, staging: ReferenceStaging, parts: readonly NeededObjects[]) {
  try {
    for (const part of parts) await staging.add(structuredClone(part)).catch(refuseUnstaged);
    await staging.finish().catch(refuseUnstaged);
  } catch (error) {
    return (error as Error).message;
  }
  const rowsOf = (table: string) => queryText(db.executor, `SELECT * FROM ${table} ORDER BY 1, 2`);
  return {
    references: await rowsOf('staged_reference'),
    names: await rowsOf('staged_name'),
    needs: await queryText(db.executor, 'SELECT * FROM staged_need ORDER BY 1'),
  };
}

async function stagedHere(parts: readonly NeededObjects[]) {
  const db = await openFile();
  await resetStaging(db.executor);
  const result = await staged(db, await referencesHere(db.executor), parts);
  await db.close();
  return result;
}

async function stagedBeside(parts: readonly NeededObjects[]) {
  const db = await openFile();
  const scratch = await db.attachScratch(referenceTables);
  if (!scratch) throw new Error('There is no scratch database.');
  const result = await staged(db, referencesBeside(thread, scratch), parts);
  await db.close();
  return result;
}

const idOf = (n: number): string => n.toString(16).toUpperCase().padStart(32, '0');
const id = nat({ max: 40 }).map((n) => (n === 40 ? 'no id' : idOf(n)));
const reference = record(
  { id, type: option(integer({ min: 0, max: 70 })), name: constantFrom('Año', 'Jahr') },
  { requiredKeys: ['id', 'type'] },
);
/** Parts of a package, of whose entries some are not staged, some are there twice, and some name an object twice. */
const packages = array(
  array(
    record({
      id: nat({ max: 200 }).map((n) => idOf(n)),
      references: uniqueArray(reference, { selector: (each) => each.id, maxLength: 6 }),
      twice: constantFrom(...Array<boolean>(40).fill(false), true),
      isStaged: constantFrom(true, true, false),
    }),
    { maxLength: 5 },
  ),
  { maxLength: 6 },
);

it('stages the same here and in the thread beside, sound or damaged', async () => {
  const refusals = new Set<string>();
  await assert(
    asyncProperty(packages, async (list) => {
      let position = 0;
      const parts = list.map((part) => {
        const entries = part.map(({ references, twice, isStaged }) => ({
          entry: { references: twice ? [...references, ...references] : references },
          position: (position += 1),
          isStaged,
        }));
        const held = part.map((entry) => entry.id);
        return neededObjects(
          held,
          entries.filter(({ isStaged }) => isStaged),
        );
      });
      const here = await stagedHere(parts);
      if (typeof here === 'string') refusals.add(here.replace(/[0-9A-F]{32}/, 'ID'));
      expect(await stagedBeside(parts)).toEqual(here);
      expect(readdirSync(folder).filter((name) => name.startsWith('longshore-'))).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect([...refusals].toSorted()).toEqual([
    'The package file is damaged: an object names what it needs twice. Create the package again.',
    'The package file is damaged: it holds object ID twice. Create the package again.',
  ]);
});

it('is empty again for the next package of a connection', async () => {
  const db = await openFile();
  const part = neededObjects([idOf(1)], [{ entry: { references: [{ id: idOf(2), type: 4 }] }, position: 1 }]);
  for (const _ of ['first', 'second']) {
    const scratch = await db.attachScratch(referenceTables);
    if (!scratch) throw new Error('There is no scratch database.');
    expect(await staged(db, referencesBeside(thread, scratch), [part])).toEqual({
      references: [{ position: 1, to_id: idOf(2), to_type: 4 }],
      names: [],
      needs: [{ id: idOf(2) }],
    });
  }
  await db.close();
});

it('tells of a scratch database that cannot be used as of any other, and stages no more', async () => {
  const beside = referencesBeside(thread, { file: join(folder, 'nowhere', 'scratch.sqlite'), unlink: () => undefined });
  const part = neededObjects([idOf(1)], []);
  await expect(beside.finish()).rejects.toMatchObject({
    kind: 'databaseUnavailable',
    message: expect.stringMatching(/^Nothing was changed\. .* The database says: unable to open database file\.$/),
  });
  await expect(beside.add(part)).rejects.toMatchObject({ kind: 'databaseUnavailable' });
});
