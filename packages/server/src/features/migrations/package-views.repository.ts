import { putRow, utf8Text } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';

/** JSON texts of `tocView` and `treeView`. */
export interface PackageViews {
  readonly tocView: string;
  readonly treeView: string;
}

/** The two large parts of a package record, apart from it so that lists never read them. */
export function packageViewsRepository(db: Executor<LibraryTables>) {
  return {
    async findViews(packageId: string): Promise<PackageViews | undefined> {
      const row = await db
        .selectFrom('package_view')
        .selectAll()
        .where('package_id', '=', packageId)
        .executeTakeFirst();
      return row && { tocView: row.toc_view, treeView: row.tree_view };
    },

    async saveViews(packageId: string, views: PackageViews): Promise<void> {
      const row = { package_id: packageId, toc_view: views.tocView, tree_view: views.treeView };
      await putRow(db, { table: 'package_view', key: ['package_id'] }, row);
    },

    /** The text is given as UTF-8. */
    async saveTocView(packageId: string, tocView: Uint8Array): Promise<void> {
      await db
        .updateTable('package_view')
        .set({ toc_view: utf8Text(db, tocView) })
        .where('package_id', '=', packageId)
        .execute();
    },
  };
}
