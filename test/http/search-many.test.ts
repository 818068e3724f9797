import { afterAll, beforeAll, expect, it } from 'vitest';
import { createObjectAccess } from '../../packages/server/src/features/objects/object-access.service.ts';
import { dependencyClosures } from '../../packages/server/src/features/searches/dependency-closure.ts';
import { findObjects } from '../../packages/server/src/features/searches/find-objects.ts';
import { ObjectIndexes } from '../../packages/server/src/features/searches/object-indexes.ts';
import { insertRows } from '../../packages/server/src/platform/db/bulk.ts';
import { anApi, type TestApi } from '../builders/api.ts';
import { aFolderLine, aMetricLine, aProjectLine, idOf, PROJECT_ID } from '../builders/objects.ts';

/** More than the engine takes as arguments of one call. */
const MANY = 130_000;

const manyIds = Array.from({ length: MANY }, (_, at) => (at + 1).toString(16).toUpperCase().padStart(32, '0'));

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([aProjectLine(), aFolderLine('Sales'), aMetricLine('One', [], { parentId: idOf('Sales') })]);
  const row = await api.platform.metadata.reader
    .selectFrom('object')
    .selectAll()
    .where('id', '=', idOf('One'))
    .executeTakeFirstOrThrow();
  await api.platform.metadata.write(async (tx) => {
    const columns = Object.keys(row);
    const cells = manyIds.map((id) => Object.values({ ...row, id, name: `One ${id}` }));
    await insertRows(tx, { table: 'object', columns }, cells);
    const references = { table: 'object_reference', columns: ['scope', 'from_id', 'to_id', 'to_type'] };
    await insertRows(
      tx,
      references,
      manyIds.map((id) => [PROJECT_ID, id, idOf('Used'), 4]),
    );
    await insertRows(
      tx,
      { table: 'acl', columns: ['id', 'entries'] },
      manyIds.map((id) => [id, '[]']),
    );
  });
});
afterAll(() => api.close());

it('finds very many objects in one piece', async () => {
  const { platform } = api;
  const indexes = new ObjectIndexes(platform, { leastObjects: Number.MAX_SAFE_INTEGER });
  const context = { platform, indexes, pieceSize: 2 * MANY, firstSearch: 'goes on' } as const;
  const filter = { scope: PROJECT_ID, aclIds: null, below: idOf('Sales') };
  const found = await findObjects(context, { filter, names: undefined }, { offset: 0, limit: -1 });
  expect(found.total).toBe(MANY + 1);
});

it('follows references from very many objects to one', async () => {
  const closures = dependencyClosures(api.platform.metadata, { byLevels: 2 * MANY });
  const request = { scope: PROJECT_ID, from: idOf('Used'), direction: 'used-by' } as const;
  expect(await closures.find({ ...request, depth: 'direct' })).toHaveLength(MANY);
  expect(await closures.find({ ...request, depth: 'recursive' })).toHaveLength(MANY);
});

it('knows the rights that very many access control lists give', async () => {
  const access = createObjectAccess(api.platform.metadata.reader);
  const accessor = { userId: idOf('Ann'), userName: 'Ann', principalIds: [idOf('Ann')], bypassesSecurity: false };
  expect(await access.browsable(accessor)).toEqual([]);
});
