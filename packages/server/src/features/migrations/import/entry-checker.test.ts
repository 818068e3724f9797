import { isUtf8 } from 'node:buffer';
import { CONFLICT_ACTIONS, ENTRY_ROLES, type PackageEntry } from '@longshore/domain';
import { ChunkLines } from '@longshore/package-file/chunk-lines';
import {
  array,
  asyncProperty,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  string,
  type Arbitrary,
} from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyHash } from '../../../platform/hash.ts';
import type { EntryRules } from './check-entries.ts';
import { checkerBeside, checkerHere, type CheckerBeside, type EntryChecker } from './entry-checker.ts';
import { startPackageThread, type PackageThread } from './package-thread-questions.ts';
import type { StagedEntry } from './staging.repository.ts';

const project = { id: 'B19DEDCC11D4E0EFC000EB9495D0F44F', name: 'Tutorial' };
const RULES = {
  shared: { manifest: { type: 'project', purpose: 'object_migration', project }, origin: 'shared' },
  merged: { manifest: { type: 'project', purpose: 'project_merge', project }, origin: 'shared' },
  uploaded: { manifest: { type: 'project', purpose: 'object_migration', project }, origin: 'uploaded' },
} satisfies Record<string, EntryRules>;

const threads: PackageThread[] = [];
const besides = new Map<string, CheckerBeside>();

function checkerInThread(rules: EntryRules): CheckerBeside {
  const thread = startPackageThread();
  threads.push(thread);
  return checkerBeside(rules, thread);
}

beforeAll(async () => {
  for (const [name, rules] of Object.entries(RULES)) besides.set(name, checkerInThread(rules));
  await Promise.all([...besides.values()].map(({ up }) => up));
});

afterAll(async () => {
  for (const thread of threads) await thread.close();
});

const id = integer({ min: 0, max: 0xffff }).map((n) => n.toString(16).toUpperCase().padStart(32, '0'));
const date = constantFrom('2026-03-16T07:38:40.125+0000', '2020-01-01T00:00:00.000+0000');
const text = oneof(string(), string({ unit: 'grapheme' }), string({ unit: 'binary' }));
const acl = record({ trusteeId: id, rights: integer({ min: 0, max: 255 }), deny: boolean(), inheritable: boolean() });

/** An object as a server packs it, with a body of some size. */
const packed = record({
  entry: record({
    role: constantFrom(...ENTRY_ROLES),
    action: constantFrom(...CONFLICT_ACTIONS),
    id,
    type: constantFrom(8, 4, 12, 15),
    name: text,
    description: text,
    parentId: option(id),
    ownerId: id,
    version: id,
    dateCreated: date,
    dateModified: date,
    hidden: boolean(),
    acl: array(acl, { maxLength: 3 }),
    contactsHash: constant(null),
    translations: oneof(constantFrom('{}', '{"1031":{"name":"Jähr"}}'), text),
  }),
  note: text,
  size: constantFrom(0, 0, 0, 100, 70_000, 300_000),
});

type Lines = readonly [header: string, body: string];

type Packed = typeof packed extends Arbitrary<infer Value> ? Value : never;

function linesOf({ entry, note, size }: Packed): Lines {
  const body = JSON.stringify({ note: note.toWellFormed(), text: 'x'.repeat(size) });
  const uses = '[]';
  const header = {
    ...entry,
    absent: false,
    subtype: entry.type * 256,
    abbreviation: '',
    references: [],
    bodyHash: bodyHash(body, entry.translations, uses),
    uses,
  } satisfies PackageEntry;
  return [JSON.stringify(header), body];
}

const withField =
  (field: keyof PackageEntry, value: unknown) =>
  ([header, body]: Lines): Lines => [JSON.stringify({ ...(JSON.parse(header) as object), [field]: value }), body];

/** What may have happened to one object of a chunk. */
const damage = constantFrom<(lines: Lines) => Lines>(
  (lines) => lines,
  ([header]) => [header, 'null'],
  ([header]) => [header, '{"note":"another"}'],
  ([header, body]) => [header.slice(1), body],
  ([header, body]) => [header, `${body} `],
  withField('bodyHash', ''),
  withField('absent', true),
  withField('type', 34),
  withField('dateModified', ''),
  withField('translations', '{"1031": {}}'),
  withField('references', [{ id: project.id, type: 4 }]),
  withField('contactsHash', 'x'),
  (lines) => withField('absent', true)([withField('action', 'delete')(lines)[0], 'null']),
  (lines) => withField('absent', true)([withField('action', 'replace')(lines)[0], 'null']),
);

function chunkOf(objects: readonly Lines[]): ChunkLines {
  const bytes = Buffer.from(objects.flatMap(([header, body]) => [`${header}\n`, `${body}\n`]).join(''));
  expect(isUtf8(bytes)).toBe(true);
  return ChunkLines.split('objects/000001.ndjson.zst', bytes);
}

interface SeenEntry extends StagedEntry {
  readonly keys: object;
  readonly isKept: boolean;
}

/** All that a checker says of a chunk. */
async function seen(checker: EntryChecker, objects: readonly Lines[]): Promise<readonly SeenEntry[] | string> {
  try {
    const entries: SeenEntry[] = [];
    for (const part of (await checker.check(chunkOf(objects))).parts()) {
      const places = [...part.ids.keys()];
      const known = places.map((place) => ({ keys: part.keysAt(place), isKept: part.isKept(place) }));
      const taken = part.take(places);
      expect(taken.map(({ entry }) => entry.id)).toEqual(part.ids);
      entries.push(...taken.map((entry, at) => ({ ...entry, ...(known[at] as (typeof known)[0]) })));
    }
    return entries;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const ID = 'A'.repeat(32);

const object: Packed = {
  entry: {
    role: 'content',
    action: 'replace',
    id: ID,
    type: 15,
    name: 'Año',
    description: '',
    parentId: null,
    ownerId: 'B'.repeat(32),
    version: 'C'.repeat(32),
    dateCreated: '2020-01-01T00:00:00.000+0000',
    dateModified: '2020-01-01T00:00:00.000+0000',
    hidden: false,
    acl: [],
    contactsHash: null,
    translations: '{}',
  },
  note: 'a note',
  size: 70_000,
};

describe.each(Object.entries(RULES))('a chunk of a package that is %s', (name, rules) => {
  it('is seen alike from both threads, sound or damaged', async () => {
    const beside = besides.get(name) as CheckerBeside;
    const objects = array(
      record({ object: packed, change: damage, isChanged: constantFrom(false, false, false, true) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    ).map((list) =>
      list.map(({ object, change, isChanged }) => (isChanged ? change(linesOf(object)) : linesOf(object))),
    );
    await assert(
      asyncProperty(objects, async (list) => {
        const here = await seen(checkerHere(rules), list);
        expect(await seen(beside, list)).toEqual(here);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an object', () => {
  it.each([
    [([header, body]: Lines): Lines => [header.slice(1), body], 'an object has a header line that is not one'],
    [withField('type', 34), `object ${ID} cannot be part of a project package`],
    [([header]: Lines): Lines => [header, 'null'], `object ${ID} lacks its definition`],
    [withField('absent', true), `object ${ID} lacks its definition`],
    [([header]: Lines): Lines => [header, '{}'], `the definition of object ${ID} is not the one that its header names`],
    [withField('uses', '[ ]'), `the definition of object ${ID} is not the one that its header names`],
    [
      ([header]: Lines): Lines => [withField('absent', true)([header, ''])[0], 'null'],
      `object ${ID} is absent but not to be deleted`,
    ],
    [withField('dateModified', ''), `object ${ID} has no modification date`],
  ])('that is not sound is refused with what is wrong: %#', async (change, message) => {
    const objects = [linesOf(object), change(linesOf(object))];
    const error = `AppError: The package file is damaged: ${message}. Create the package again.`;
    expect(await seen(checkerHere(RULES.shared), objects)).toBe(error);
    expect(await seen(besides.get('shared') as CheckerBeside, objects)).toBe(error);
  });
});

describe('a checker beside the job', () => {
  it('gives entries back as they are in the file, and takes the memory of the lines', async () => {
    const [header, body] = linesOf(object);
    const lines = chunkOf([[header, body]]);
    const chunk = await (besides.get('shared') as CheckerBeside).check(lines);
    expect(lines.objects).toBe(0);
    const [part] = [...chunk.parts()];
    expect(part?.isKept(0)).toBe(true);
    expect(part?.take([0])).toMatchObject([{ entry: JSON.parse(header) as object, definition: body }]);
    expect(() => part?.take([0])).toThrow();
  });

  it('takes chunks from the beginning', async () => {
    const early = checkerInThread(RULES.shared);
    const chunk = await early.check(chunkOf([linesOf(object)]));
    expect([...chunk.parts()].map(({ ids }) => ids)).toEqual([[object.entry.id]]);
  });

  it('fails when its thread has ended, and keeps nobody waiting whom it had not answered yet', async () => {
    const thread = startPackageThread();
    const closed = checkerBeside(RULES.shared, thread);
    await closed.up;
    const asked = closed.check(chunkOf([linesOf(object)])).then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await thread.close();
    // A thread that is quick enough has answered before it is ended.
    expect(await asked).toMatch(/^answered$|has ended/);
    await expect(closed.check(chunkOf([linesOf(object)]))).rejects.toThrow('has ended');
  });

  it('that never comes up says so when it is asked for a chunk', async () => {
    const thread = startPackageThread();
    const closed = checkerBeside(RULES.shared, thread);
    await thread.close();
    await closed.up;
    await expect(closed.check(chunkOf([linesOf(object)]))).rejects.toThrow('has ended');
  });
});
