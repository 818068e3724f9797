import { expect } from 'vitest';
import { toNameQuery } from '../../packages/server/src/features/searches/name-pattern.ts';
import type { ObjectIndexes } from '../../packages/server/src/features/searches/object-indexes.ts';
import type { KindFilter } from '../../packages/server/src/features/searches/object-kinds.ts';
import { unpackIds } from '../../packages/server/src/features/searches/packed-ids.ts';
import { objectLists } from '../../packages/server/src/features/objects/object-lists.repository.ts';
import type { MetadataDatabase } from '../../packages/server/src/platform/platform.ts';

/** What is searched for in memory and in the database. */
const SEARCHES: readonly (readonly [string | undefined, 0 | 1 | 2 | 3 | 4 | 5, Omit<KindFilter, 'aclIds'>])[] = [
  [undefined, 4, {}],
  [undefined, 4, { types: [4, 2048] }],
  [undefined, 4, { types: [] }],
  [undefined, 4, { hidden: true }],
  ['name', 4, {}],
  ['na', 1, { hidden: false }],
  ['2', 5, { types: [12] }],
  ['1 2', 0, {}],
  ['M', 3, {}],
  ['Name 1', 2, {}],
];

/** Expects an index of a scope that finds what the database finds, in the same order, page by page. */
export async function expectSameFound(
  metadata: MetadataDatabase,
  indexes: ObjectIndexes,
  scope: string,
): Promise<void> {
  const index = await indexes.make(scope);
  if (!index) throw new Error('There is no index.');
  const { reader } = metadata;
  const lists = await reader.selectFrom('acl').select('id').execute();
  const aclIds = lists.slice(1).map(({ id }) => id);
  for (const [term, pattern, conditions] of SEARCHES) {
    const names = toNameQuery(term, pattern);
    for (const filter of [
      { ...conditions, aclIds: null },
      { ...conditions, aclIds },
    ]) {
      const all = (await objectLists(reader).listFound({ ...filter, scope, nameLike: names?.like })).map(
        ({ id }) => id,
      );
      const pages = { all: { offset: 0, limit: -1 }, some: { offset: 2, limit: 3 } };
      const whole = await index.search(filter, names, pages.all);
      const page = await index.search(filter, names, pages.some);
      expect([unpackIds(whole.ids), whole.total]).toEqual([all, all.length]);
      expect([unpackIds(page.ids), page.total]).toEqual([all.slice(2, 5), all.length]);
    }
  }
  const everything = (await objectLists(reader).listFound({ scope, aclIds: null })).map(({ id }) => id);
  const ids = everything.filter((_, at) => at % 3 !== 1);
  const some = await index.search({ aclIds: null, ids: ids.toReversed() }, undefined, { offset: 1, limit: -1 });
  expect([unpackIds(some.ids), some.total]).toEqual([ids.slice(1), ids.length]);
}
