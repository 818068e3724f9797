import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalEntry, recordChange } from '../../packages/server/src/features/objects/record-change.ts';
import { findObjects } from '../../packages/server/src/features/searches/find-objects.ts';
import { toNameQuery } from '../../packages/server/src/features/searches/name-pattern.ts';
import { ObjectIndexes, type IndexLimits } from '../../packages/server/src/features/searches/object-indexes.ts';
import { insertRows } from '../../packages/server/src/platform/db/bulk.ts';
import { anApi, type TestApi } from '../builders/api.ts';
import {
  aFolderLine,
  aMetricLine,
  aProjectLine,
  aUserLine,
  grant,
  idOf,
  PROJECT_ID,
  VIEW_ACL,
} from '../builders/objects.ts';
import { expectSameFound } from '../builders/same-found.ts';

const SMALL: Partial<IndexLimits> = { leastObjects: 0, blockSize: 4 };

let api: TestApi;
beforeEach(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aUserLine('Ann'),
    aUserLine('Bob'),
    aFolderLine('Sales'),
    ...names(0, 12).map((name) => aMetricLine(name)),
  ]);
});
afterEach(() => api.close());

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `${at % 2 === 0 ? 'Name' : 'name'} ${(from + at) % 4} of ${from + at}`);

/** Indexes that tell how often they read all of a scope. */
function countedIndexes(limits: Partial<IndexLimits> = SMALL) {
  const { metadata, log } = api.platform;
  const seen = { readers: 0, scans: 0 };
  const openReader: typeof metadata.openReader = () => {
    seen.readers += 1;
    const reader = metadata.openReader();
    return {
      ...reader,
      cells(text, values, size) {
        if (text.includes('ORDER BY')) seen.scans += 1;
        return reader.cells(text, values, size);
      },
    };
  };
  return { indexes: new ObjectIndexes({ metadata: { ...metadata, openReader }, log }, limits), seen };
}

const call = (method: 'PUT' | 'POST' | 'DELETE', url: string, body?: object) =>
  api.call({ method, url, projectId: PROJECT_ID, ...(body === undefined ? {} : { body }) });

type Change = (target: string) => Promise<{ statusCode: number }>;
const CHANGES: Readonly<Record<string, Change>> = {
  rename: (id) => call('PUT', `/objects/${id}?type=4`, { name: `aName ${id.slice(-4)} Märkte` }),
  'rename to the end': (id) => call('PUT', `/objects/${id}?type=4`, { name: `zz ${id.slice(-4)}` }),
  hide: (id) => call('PUT', `/objects/${id}?type=4`, { hidden: true }),
  show: (id) => call('PUT', `/objects/${id}?type=4`, { hidden: false }),
  move: (id) => call('PUT', `/objects/${id}?type=4`, { folderId: idOf('Sales') }),
  copy: (id) => call('POST', `/objects/${id}/copy?type=4`, {}),
  delete: (id) => call('DELETE', `/objects/${id}?type=4`),
  'give access': (id) =>
    call('PUT', `/objects/${id}?type=4`, {
      acl: [{ op: 'ADD', trustee: idOf('Ann'), rights: 199, inheritable: false }],
    }),
  'give access to all in a folder': () =>
    call('PUT', `/objects/${idOf('Sales')}?type=8`, {
      acl: [{ op: 'ADD', trustee: idOf('Bob'), rights: 199, inheritable: true }],
      propagateACLToChildren: true,
    }),
  'make a folder': () => call('POST', '/folders', { name: `Name ${Math.random()}`, parent: idOf('Sales') }),
};

/** In one transaction, gives objects their names, makes those that are not there, and deletes those without one. */
async function writeAtOnce(named: ReadonlyMap<string, string | null>): Promise<void> {
  const { metadata } = api.platform;
  const objects = await metadata.reader.selectFrom('object').selectAll().where('scope', '=', PROJECT_ID).execute();
  const known = new Map(objects.map((row) => [row.id, row]));
  const model = objects.find((row) => row.type === 4);
  if (model === undefined) throw new Error('There is no metric.');
  await metadata.write(async (tx) => {
    const rows = [...named].flatMap(([id, name]) => (name === null ? [] : [{ ...(known.get(id) ?? model), id, name }]));
    await tx
      .deleteFrom('object')
      .where('scope', '=', PROJECT_ID)
      .where('id', 'in', [...named.keys()])
      .execute();
    const cells = rows.map((row) => Object.values(row));
    await insertRows(tx, { table: 'object', columns: Object.keys(model) }, cells);
    const written = new Map(rows.map((row) => [row.id, row]));
    const entries = [...named.keys()].flatMap((id) =>
      journalEntry('update', known.get(id) ?? null, written.get(id) ?? null),
    );
    await recordChange(tx, {
      kind: 'update',
      user: { id: model.owner_id, name: 'Ann' },
      date: model.date_modified,
      entries,
    });
  });
}

describe('an index for searches', () => {
  it('finds what the database finds after many changes at once, next to each other and elsewhere', async () => {
    const { indexes, seen } = countedIndexes();
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
    const id = fc.nat(40).map((at) => idOf(`many ${at}`));
    const name = fc.oneof(
      fc.constant(null),
      fc.nat(99).map((at) => `Name 1 of 5 ${at}`),
      fc.tuple(fc.constantFrom('A', 'name 2', 'Zz', 'Ä'), fc.nat(9)).map(([begin, at]) => `${begin} ${at}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(id, name), { minLength: 1, maxLength: 60 }), async (changes) => {
        await writeAtOnce(new Map(changes));
        await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
        const lengths = (await indexes.find(PROJECT_ID))?.blockLengths ?? [];
        expect(Math.max(...lengths)).toBeLessThanOrEqual(8);
      }),
      { numRuns: 40 },
    );
    expect(seen.scans).toBe(1);
  });

  it('finds what the database finds after any changes, and reads no more than these', async () => {
    const { indexes, seen } = countedIndexes();
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
    const done = new Set<string>();
    const change = fc.tuple(fc.constantFrom(...Object.keys(CHANGES)), fc.nat(30));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        for (const [name, at] of changes) {
          const rows = await api.platform.metadata.reader
            .selectFrom('object')
            .select('id')
            .where('scope', '=', PROJECT_ID)
            .where('type', '=', 4)
            .execute();
          const answer = await CHANGES[name]?.(rows[at % Math.max(1, rows.length)]?.id ?? idOf('Sales'));
          if (answer !== undefined && answer.statusCode < 300) done.add(name);
        }
        await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
      }),
      { numRuns: 40 },
    );
    expect([...done].toSorted()).toEqual(Object.keys(CHANGES).toSorted());
    expect(seen.scans).toBe(1);
  });

  it('is the same for most of all objects, and for a few among those of others', async () => {
    const other = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    await api.load(names(12, 200).map((name) => aMetricLine(name)));
    await expectSameFound(api.platform.metadata, countedIndexes().indexes, PROJECT_ID);
    const elsewhere = names(0, 1200).map((name) => aMetricLine(name, [], { projectId: other, hidden: true }));
    await api.load([aProjectLine('Other', other), ...elsewhere]);
    await expectSameFound(api.platform.metadata, countedIndexes().indexes, PROJECT_ID);
  });

  it('is made anew after a load, of which the journal does not tell', async () => {
    const { indexes, seen } = countedIndexes();
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
    await api.load(
      names(12, 1500).map((name) => aMetricLine(name, [], { acl: [grant(idOf('Ann'), 255), ...VIEW_ACL] })),
    );
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
    expect(seen.scans).toBe(2);
  });

  it('is made anew after more changes than are worth to follow', async () => {
    const { indexes, seen } = countedIndexes({ ...SMALL, mostChanges: 2 });
    await indexes.make(PROJECT_ID);
    for (const name of names(0, 3)) await CHANGES['hide']?.(idOf(name));
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
    expect(seen.scans).toBe(2);
  });

  it('is not read again while nothing is written, nor twice by searches that begin together', async () => {
    const { indexes, seen } = countedIndexes();
    await Promise.all([indexes.make(PROJECT_ID), indexes.make(PROJECT_ID)]);
    expect(await indexes.find(PROJECT_ID)).toBe(await indexes.find(PROJECT_ID));
    expect(seen.readers).toBe(1);
  });

  it('is there only when it was made, and holds what was written meanwhile', async () => {
    const { indexes } = countedIndexes();
    expect(await indexes.find(PROJECT_ID)).toBeUndefined();
    const making = indexes.make(PROJECT_ID);
    await CHANGES['rename']?.(idOf(names(0, 1)[0] ?? ''));
    const index = await making;
    expect(index).toBeDefined();
    await expectSameFound(api.platform.metadata, indexes, PROJECT_ID);
  });

  it('is made after the first search by name, for the next one', async () => {
    const { indexes } = countedIndexes();
    const names = toNameQuery('name');
    const search = { filter: { scope: PROJECT_ID, aclIds: null }, names };
    const context = { platform: api.platform, indexes, pieceSize: 5, firstSearch: 'goes on' } as const;
    const first = await findObjects(context, search, { offset: 1, limit: 4 });
    await expect.poll(() => indexes.find(PROJECT_ID)).toBeDefined();
    expect(await findObjects(context, search, { offset: 1, limit: 4 })).toEqual(first);
    expect(first.total).toBe(12);
  });

  it('is not kept for few objects, nor for more than there is room for', async () => {
    const few = countedIndexes({ ...SMALL, leastObjects: 1000 });
    const many = countedIndexes({ ...SMALL, mostBytes: 100 });
    for (const { indexes } of [few, many]) {
      for (const _ of ['first', 'second']) expect(await indexes.make(PROJECT_ID)).toBeUndefined();
    }
    expect([few.seen.readers, many.seen.readers]).toEqual([0, 1]);
  });

  it('counts what its objects have besides their names', async () => {
    const size = (await countedIndexes().indexes.make(PROJECT_ID))?.bytes ?? 0;
    const other = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    const metrics = Array.from({ length: 100 }, (_, at) => `Own ${at}`);
    await api.load([
      aProjectLine('Other', other),
      ...metrics.map((name) => aMetricLine(name, [], { projectId: other, acl: [grant(idOf(name), 255)] })),
    ]);
    for (const scope of [PROJECT_ID, other]) {
      const { indexes } = countedIndexes({ ...SMALL, mostBytes: size + 20_000 });
      const made = await indexes.make(scope);
      expect(made?.bytes ?? 0).toBeLessThanOrEqual(size + 20_000);
      expect([scope, made === undefined]).toEqual([scope, scope === other]);
    }
    // Where few of all objects are of the scope, they are read in their order.
    await api.load(names(12, 1000).map((name) => aMetricLine(name)));
    expect(await countedIndexes({ ...SMALL, mostBytes: 20_000 }).indexes.make(other)).toBeUndefined();
  });

  it('is not kept when it has grown beyond what there is room for', async () => {
    const size = (await countedIndexes().indexes.make(PROJECT_ID))?.bytes ?? 0;
    const { indexes, seen } = countedIndexes({ ...SMALL, mostBytes: size + 500 });
    await indexes.make(PROJECT_ID);
    await writeAtOnce(new Map(Array.from({ length: 50 }, (_, at) => [idOf(`many ${at}`), `Name ${at}`])));
    expect(await indexes.find(PROJECT_ID)).toBeUndefined();
    expect(indexes.scopes).toBe(0);
    expect(await indexes.make(PROJECT_ID)).toBeUndefined();
    expect(seen.scans).toBe(2);
  });

  it('remembers a few scopes that have few objects, and none that are not there', async () => {
    const others = ['A1', 'A2', 'A3', 'A4'].map((digits) => digits.repeat(16));
    await api.load(others.map((id, at) => aProjectLine(`Other ${at}`, id)));
    const { indexes } = countedIndexes({ ...SMALL, leastObjects: 1000, mostSmallScopes: 3 });
    for (const scope of [PROJECT_ID, ...others]) expect(await indexes.make(scope)).toBeUndefined();
    expect(indexes.scopes).toBe(3);
    const all = countedIndexes();
    for (let at = 0; at < 100; at += 1) expect(await all.indexes.make(idOf(`Gone ${at}`))).toBeUndefined();
    expect([all.indexes.scopes, all.seen.readers]).toEqual([0, 0]);
    const asked = await api.call({ url: '/searches/results?name=x', projectId: idOf('Gone') });
    expect(asked.json()).toEqual({ totalItems: 0, result: [] });
  });

  it('makes room for the one that was asked for last', async () => {
    const other = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    await api.load([aProjectLine('Other', other), aMetricLine('Only', [], { projectId: other })]);
    const size = (await countedIndexes().indexes.make(PROJECT_ID))?.bytes ?? 0;
    const { indexes, seen } = countedIndexes({ ...SMALL, mostBytes: size });
    for (const scope of [PROJECT_ID, other, other, PROJECT_ID]) await indexes.make(scope);
    expect(seen.scans).toBe(3);
  });

  it('stops what it reads when the server ends', async () => {
    const { indexes } = countedIndexes();
    const making = indexes.make(PROJECT_ID);
    await indexes.close();
    await making;
    expect(await indexes.make(PROJECT_ID)).toBeUndefined();
  });
});
