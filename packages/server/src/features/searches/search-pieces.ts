import { setImmediate } from 'node:timers/promises';
import { holdsThread } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { objectLists, type FoundObject, type ObjectFilter } from '../objects/object-lists.repository.ts';

/** Objects that one statement looks at: some milliseconds when each has to be looked up. */
export const OBJECTS_PER_PIECE = 5_000;

/** Names are read from their index, so that more of them are looked at in the same time. */
const NAMES_PER_OBJECT = 4;

/** Part of a scope in the order of lists; without an end it goes on to the last object. */
export type Piece = Pick<ObjectFilter, 'after' | 'upTo'>;

/**
 * The parts of a scope in which a filter is to be looked up one after another, between which other requests get their turns;
 * one for all where it is small or where the database works elsewhere. Folders below others are found anew in each part,
 * so that these are not parted.
 */
export async function* piecesOf(
  db: Executor<MetadataTables>,
  filter: ObjectFilter,
  objects: number,
): AsyncGenerator<Piece> {
  let after: FoundObject | undefined;
  if (holdsThread(db) && filter.below === undefined && filter.notBelow === undefined) {
    const places = filter.nameLike === undefined ? objects : objects * NAMES_PER_OBJECT;
    const next = () => objectLists(db).objectBehind(filter.scope, after, places);
    for (let upTo = await next(); upTo !== undefined; upTo = await next()) {
      yield { after, upTo };
      after = upTo;
      await setImmediate();
    }
  }
  yield { after };
}
