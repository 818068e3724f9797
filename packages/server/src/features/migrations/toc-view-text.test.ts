import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { LIBRARY_MIGRATIONS } from '../../platform/db/library-tables.ts';
import { contentPiece } from './content-pieces.ts';
import type { ContentEntry } from './migration-jobs.ts';
import { packageViewsRepository } from './package-views.repository.ts';
import { tocViewText, wholeTocViewText } from './toc-view-text.ts';

const PACKAGE = 'A'.repeat(32);
const REQUESTED = { settings: { defaultAction: 'replace' }, content: [{ id: 'X' }] };
const BUILT = JSON.stringify({ settings: REQUESTED.settings });
let folder: string;
let library: Database<LibraryTables>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-views-'));
  const location = join(folder, 'library.sqlite');
  library = await openDatabase({ location, migrations: LIBRARY_MIGRATIONS, lockPatience: 1_000 });
  await request();
});

afterAll(async () => {
  await library.close();
  rmSync(folder, { recursive: true });
});

const entry = (id: string): ContentEntry => ({
  id,
  name: `Größe “${id}”`,
  type: 12,
  action: 'replace',
  includeDependents: false,
  explicitIncluded: true,
  level: 'project_object',
});

const request = (): Promise<void> =>
  library.write((tx) =>
    packageViewsRepository(tx).saveViews(PACKAGE, { tocView: JSON.stringify(REQUESTED), treeView: '{}' }),
  );

const build = (id: string, ...pieces: string[][]): Promise<void> =>
  library.write((tx) =>
    packageViewsRepository(tx).saveTocView(PACKAGE, BUILT, {
      id,
      pieces: pieces.map((ids) => contentPiece(ids.map(entry))),
    }),
  );

async function views() {
  const found = await packageViewsRepository(library.reader).findViews(PACKAGE);
  if (!found) throw new Error('There are no views.');
  return found;
}

const shown = async (): Promise<unknown> => JSON.parse(await wholeTocViewText(library.reader, PACKAGE, await views()));

it('shows what was asked for until the package is built, and then its content, in as many pieces as it has', async () => {
  expect(await shown()).toEqual(REQUESTED);
  await build('first', ['A', 'B'], ['C']);
  expect(await shown()).toEqual({ settings: REQUESTED.settings, content: ['A', 'B', 'C'].map(entry) });
  await build('second', ['D']);
  expect(await shown()).toEqual({ settings: REQUESTED.settings, content: [entry('D')] });
  await request();
  expect(await shown()).toEqual(REQUESTED);
});

it('never mixes two builds: a list that is replaced while it is read ends with an error', async () => {
  await build('first', ['A'], ['B'], ['C']);
  const text = tocViewText(library.reader, PACKAGE, await views());
  expect((await text.next()).value).toBe('{"settings":{"defaultAction":"replace"},"content":[');
  expect((await text.next()).value).toBe(JSON.stringify(entry('A')));
  await build('second', ['D'], ['E'], ['F']);
  await expect(text.next()).rejects.toThrow('replaced while it was read');
});
