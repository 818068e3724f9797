import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { pieceText } from './content-pieces.ts';
import { packageViewsRepository, type StoredViews } from './package-views.repository.ts';

/**
 * JSON text of a package's `tocView`, piece by piece: the list of a large package is never in memory whole.
 * @throws Error when the package is built anew meanwhile: what was sent until then belongs to a list that is gone
 */
export async function* tocViewText(
  db: Executor<LibraryTables>,
  packageId: string,
  { tocView, list }: Pick<StoredViews, 'tocView' | 'list'>,
): AsyncGenerator<string, void, undefined> {
  if (list === null) {
    yield tocView;
    return;
  }
  const views = packageViewsRepository(db);
  yield `${tocView.slice(0, -1)},"content":[`;
  for (let position = 0; position < list.pieces; position += 1) {
    const piece = await views.findPiece(packageId, list.id, position);
    if (!piece) throw new Error(`The content list of package ${packageId} was replaced while it was read.`);
    yield position === 0 ? pieceText(piece) : `,${pieceText(piece)}`;
  }
  yield ']}';
}

/** The same in one text, for what is shown together with others. */
export async function wholeTocViewText(...of: Parameters<typeof tocViewText>): Promise<string> {
  return (await Array.fromAsync(tocViewText(...of))).join('');
}
