import { CompiledQuery, type Dialect } from 'kysely';
import { expect, it } from 'vitest';
import { objectLists, type ObjectFilter } from '../../packages/server/src/features/objects/object-lists.repository.ts';
import { openConnection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { guardedDialect } from '../builders/guarded-dialect.ts';
import { anEnvironmentPair, idOf, PROJECT } from '../engine/environment.ts';

/** How SQLite would look for what a filter counts. */
async function plansOfCount(location: string, filter: ObjectFilter): Promise<string[]> {
  const plans: string[] = [];
  const throughDialect = (dialect: Dialect): Dialect =>
    guardedDialect(dialect, async ({ sql }, connection) => {
      if (!sql.includes('count(*)')) return;
      const explained = await connection.executeQuery<{ detail: string }>(
        CompiledQuery.raw(`EXPLAIN QUERY PLAN ${sql}`),
      );
      plans.push(...explained.rows.map(({ detail }) => detail).filter((detail) => detail.includes(' object ')));
    });
  const connection = await openConnection<MetadataTables>(location, {
    mode: 'reader',
    busyTimeout: 1000,
    throughDialect,
  });
  try {
    await objectLists(connection.executor).count(filter);
  } finally {
    await connection.close();
  }
  return plans;
}

const FOLDERS = { scope: PROJECT, types: [8] };

it('the folders of a project are counted in an index that leads from folder to folder', async () => {
  await using pair = await anEnvironmentPair();
  const { location } = pair.source.metadata;
  const [forAll, ...others] = await plansOfCount(location, { ...FOLDERS, aclIds: null });
  expect(others).toEqual([]);
  expect(forAll).toMatch(/USING COVERING INDEX object_by_parent .*type=\?/);
  expect(await plansOfCount(location, { ...FOLDERS, aclIds: [idOf('LIST')] })).toEqual([
    expect.stringMatching(/USING INDEX object_by_parent .*type=\?/),
  ]);
});
