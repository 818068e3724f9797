import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexBlock, isBefore, type IndexedRow, type PlacedRow } from './index-block.ts';
import { toNameQuery } from './name-pattern.ts';
import { ObjectIndex } from './object-index.ts';
import { ObjectKinds } from './object-kinds.ts';
import { unpackIds } from './packed-ids.ts';

const BLOCK_SIZE = 3;
const idOf = (number: number): string => number.toString(16).toUpperCase().padStart(32, '0');

const ordered = (rows: Iterable<IndexedRow>): IndexedRow[] =>
  [...rows].toSorted((one, other) => (isBefore(one, other) ? -1 : 1));

function indexOf(rows: readonly IndexedRow[]): ObjectIndex {
  const kinds = new ObjectKinds();
  const blocks: IndexBlock[] = [];
  for (let at = 0; at === 0 || at < rows.length; at += BLOCK_SIZE) {
    const part = rows.slice(at, at + BLOCK_SIZE);
    blocks.push(
      IndexBlock.of({
        names: part.map((row) => row.name),
        ids: part.map((row) => row.id),
        kinds: Uint32Array.from(part, (row) => kinds.numberOf(row)),
      }),
    );
  }
  return new ObjectIndex({ revision: 0, position: 0 }, blocks, kinds);
}

/** Objects by their ids, and the index that follows their changes as the database tells of them. */
class Followed {
  readonly rows = new Map<string, IndexedRow>();
  index: ObjectIndex;

  constructor(rows: readonly IndexedRow[]) {
    for (const row of rows) this.rows.set(row.id, row);
    this.index = indexOf(ordered(this.rows.values()));
  }

  async change(changes: ReadonlyMap<string, IndexedRow | null>): Promise<void> {
    for (const [id, row] of changes) {
      if (row === null) this.rows.delete(id);
      else this.rows.set(id, row);
    }
    const all = ordered(this.rows.values());
    const placed = all
      .map((row, at): PlacedRow => ({ row, nextId: all[at + 1]?.id ?? null }))
      .filter(({ row }) => changes.has(row.id))
      .toReversed();
    const namesOf = async (ids: readonly string[]) => new Map(ids.map((id) => [id, this.rows.get(id)?.name ?? '']));
    this.index = await this.index.changed(
      { revision: this.index.state.revision + 1, position: 0 },
      { ids: new Set(changes.keys()), placed },
      { blockSize: BLOCK_SIZE, namesOf },
    );
  }

  async expectSame(): Promise<void> {
    const all = ordered(this.rows.values());
    for (const [term, hidden] of [[undefined], [undefined, true], ['a'], ['b 1', false]] as const) {
      const names = toNameQuery(term);
      const found = await this.index.search({ aclIds: null, hidden }, names, { offset: 0, limit: -1 });
      const meant = all.filter(
        (row) => row.name.toLowerCase().includes(term ?? '') && (hidden === undefined || (row.hidden === 1) === hidden),
      );
      expect(unpackIds(found.ids)).toEqual(meant.map(({ id }) => id));
    }
    const lengths = this.index.blockLengths;
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2 * BLOCK_SIZE);
    expect(lengths.slice(1)).not.toContain(0);
  }
}

const row = (number: number, name: string, hidden = 0): IndexedRow => ({
  id: idOf(number),
  name,
  type: 4,
  subtype: 1024,
  hidden,
  acl_id: 'list',
  owner_id: idOf(7),
});

/** Names that stand close together: in letters of either case, with borders and characters of two units among them. */
const name = fc.tuple(fc.constantFrom('a', 'B', 'b', 'ä', '😀', '\uFFFD'), fc.nat(30)).map(([a, b]) => `${a} ${b}`);
const number = fc.nat(60);
const anyRow = fc.tuple(number, name, fc.nat(1)).map((values) => row(...values));

/** Many whose names stand one after another, in between others or at an end. */
const run = fc
  .tuple(fc.constantFrom('', 'B 1', 'a 2', '~'), fc.nat(1000), fc.integer({ min: 1, max: 25 }))
  .map(([begin, from, length]) =>
    Array.from({ length }, (_, at) => row(100 + from + at, `${begin}${1000 + from + at}`)),
  );
type Change = readonly (readonly [string, IndexedRow | null])[];
const written = (rows: readonly IndexedRow[]): Change => rows.map((each) => [each.id, each]);
const deleted = (rows: readonly IndexedRow[]): Change => rows.map((each) => [each.id, null]);
const one = anyRow.map((each) => [each]);
const change = fc.oneof(one.map(written), one.map(deleted), run.map(written), run.map(deleted));

describe('an index that follows changes', () => {
  it('finds what there is, in its order, and keeps its blocks short', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { maxLength: 40 }),
        fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        async (rows, steps) => {
          const followed = new Followed(rows);
          for (const step of steps) {
            await followed.change(new Map(step.flat()));
            await followed.expectSame();
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not collect blocks with few objects', async () => {
    const followed = new Followed(Array.from({ length: 30 }, (_, at) => row(at, `a ${at}`)));
    for (let round = 0; round < 20; round += 1) {
      const added = Array.from({ length: 30 }, (_, at) => row(1000 + at, `b ${round} ${at}`));
      await followed.change(new Map(added.map((each) => [each.id, each])));
      await followed.change(new Map(added.map((each) => [each.id, null])));
      await followed.expectSame();
    }
    expect(followed.index.blockLengths.length).toBeLessThanOrEqual(11);
  });

  it('takes many names one after another, which come one at a time', async () => {
    const followed = new Followed([row(0, 'a'), row(1, 'z')]);
    for (let at = 0; at < 100; at += 1) {
      const each = row(10 + at, `m ${at % 2 === 0 ? 500 + at : 500 - at}`);
      await followed.change(new Map([[each.id, each]]));
    }
    await followed.expectSame();
    expect(followed.index.blockLengths.length).toBeLessThanOrEqual(102 / (BLOCK_SIZE / 2));
  });
});
