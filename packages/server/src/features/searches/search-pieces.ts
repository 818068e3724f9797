import { setImmediate } from 'node:timers/promises';
import { holdsThread } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { objectLists, type ObjectFilter } from '../objects/object-lists.repository.ts';

/** Objects that one statement looks at: some milliseconds when each has to be looked up. */
export const OBJECTS_PER_PIECE = 5_000;

/** Names are read from their index, so that more of them are looked at in the same time. */
const NAMES_PER_OBJECT = 4;

/**
 * Part of a scope in the order of lists; without an end it goes on to the last object. It ends between two names, which the
 * index tells by itself; between two objects of one name, each would be compared.
 */
export type Piece = Pick<ObjectFilter, 'afterName' | 'upToName'>;

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
  let afterName: string | undefined;
  if (holdsThread(db) && filter.below === undefined && filter.notBelow === undefined) {
    const places = filter.nameLike === undefined ? objects : objects * NAMES_PER_OBJECT;
    const next = () => objectLists(db).nameBehind(filter.scope, afterName, places);
    for (let upToName = await next(); upToName !== undefined; upToName = await next()) {
      yield { afterName, upToName };
      afterName = upToName;
      await setImmediate();
    }
  }
  yield { afterName };
}
