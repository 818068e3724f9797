import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { ContentPieces } from './content-pieces.ts';

/** JSON texts of `tocView` and `treeView`. */
export interface PackageViews {
  readonly tocView: string;
  readonly treeView: string;
}

/** The views of a package as they are kept. */
export interface StoredViews extends PackageViews {
  /** The content list where it is kept apart, which is then not in `tocView`; see `ContentPieces`. */
  readonly list: { readonly id: string; readonly pieces: number } | null;
}

/** The list of a package that was built here. */
export interface ContentList {
  /** Names this list: another build of the package has another one. */
  readonly id: string;
  readonly pieces: ContentPieces;
}

/** The two large parts of a package record, apart from it so that lists never read them. */
export function packageViewsRepository(db: Executor<LibraryTables>) {
  const removeContent = async (packageId: string): Promise<void> => {
    await db.deleteFrom('package_content').where('package_id', '=', packageId).execute();
  };
  return {
    async findViews(packageId: string): Promise<StoredViews | undefined> {
      const row = await db
        .selectFrom('package_view')
        .selectAll()
        .where('package_id', '=', packageId)
        .executeTakeFirst();
      if (!row) return undefined;
      const list = await db
        .selectFrom('package_content')
        .select((eb) => [eb.fn.min('list_id').as('id'), eb.fn.countAll().as('pieces')])
        .where('package_id', '=', packageId)
        .executeTakeFirst();
      return {
        tocView: row.toc_view,
        treeView: row.tree_view,
        list: list && list.id !== null ? { id: list.id, pieces: Number(list.pieces) } : null,
      };
    },

    /** A piece of a content list, from 0; undefined when the package has been built anew. */
    async findPiece(packageId: string, listId: string, position: number): Promise<Uint8Array | undefined> {
      const row = await db
        .selectFrom('package_content')
        .select('entries')
        .where('package_id', '=', packageId)
        .where('position', '=', position)
        .where('list_id', '=', listId)
        .executeTakeFirst();
      return row?.entries;
    },

    async saveViews(packageId: string, views: PackageViews): Promise<void> {
      const row = { package_id: packageId, toc_view: views.tocView, tree_view: views.treeView };
      await putRow(db, { table: 'package_view', key: ['package_id'] }, row);
      await removeContent(packageId);
    },

    /** `tocView` is without its content when a list is given. */
    async saveTocView(packageId: string, tocView: string, list: ContentList): Promise<void> {
      await db.updateTable('package_view').set({ toc_view: tocView }).where('package_id', '=', packageId).execute();
      await removeContent(packageId);
      for (const [position, entries] of list.pieces.entries()) {
        const row = { package_id: packageId, position, list_id: list.id, entries };
        await db.insertInto('package_content').values(row).execute();
      }
    },
  };
}
