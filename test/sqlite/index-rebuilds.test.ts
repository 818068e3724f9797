import type { Dialect } from 'kysely';
import { expect, it } from 'vitest';
import { openConnection } from '../../packages/server/src/platform/db/database.ts';
import { REBUILD_FROM } from '../../packages/server/src/platform/db/deferred-indexes.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { guardedDialect } from '../builders/guarded-dialect.ts';
import { anEnvironmentPair, anObject, idOf, type Connect } from '../engine/environment.ts';

/** Connections of jobs, and the tables whose indexes were dropped through them. */
function watchedDrops(): { readonly connect: Connect; taken(): string[] } {
  const dropped: string[] = [];
  const throughDialect = (dialect: Dialect): Dialect =>
    guardedDialect(dialect, ({ sql }) => {
      const [, index] = /^DROP INDEX "(\w+)"/.exec(sql) ?? [];
      if (index !== undefined) dropped.push(index.replace(/_by_.*/, ''));
    });
  return {
    connect: (location) =>
      openConnection<MetadataTables>(location, { mode: 'writer', busyTimeout: 1000, throughDialect }),
    taken: () => [...new Set(dropped.splice(0))].toSorted(),
  };
}

const objects = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => anObject({ id: idOf(`${prefix}${index}`), type: 4 }));
const contentOf = (made: readonly { readonly id: string; readonly type: number }[]) => ({
  content: made.map(({ id, type }) => ({ id, type, action: 'replace' as const })),
});

it('an import that makes most of a project builds its indexes anew, and so does its undo; few objects keep them', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const drops = watchedDrops();
  const [many, few] = [objects(REBUILD_FROM, 'M'), objects(3, 'F')];
  await source.put(...many, ...few);

  const large = await source.create(contentOf(many));
  const imported = await target.import(large, {}, drops.connect);
  expect(drops.taken()).toEqual(['journal_entry', 'object', 'object_reference']);

  const small = await source.create(contentOf(few));
  const added = await target.import(small, {}, drops.connect);
  await target.undo(small, added.importId, { connect: drops.connect });
  expect(drops.taken()).toEqual([]);

  await target.undo(large, imported.importId, { connect: drops.connect });
  expect(drops.taken()).toEqual(['object', 'object_reference']);
});
