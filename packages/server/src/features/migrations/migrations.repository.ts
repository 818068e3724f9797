import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import {
  toImportRecord,
  toImportRow,
  toPackageRecord,
  toPackageRow,
  type ImportRecord,
  type MigrationKey,
  type MigrationRecord,
  type PackageRecord,
} from './migration-records.ts';

/** Migration records. Made from the reader, or from the executor of a unit of work. */
export function migrationRepository(db: Executor<LibraryTables>) {
  const findPackage = async (packageId: string): Promise<PackageRecord | undefined> => {
    const row = await db.selectFrom('package').selectAll().where('id', '=', packageId).executeTakeFirst();
    return row && toPackageRecord(row);
  };
  return {
    findPackage,

    /** The pair, deleted or not; undefined when either half is unknown or the halves do not belong together. */
    async findMigration(key: MigrationKey): Promise<MigrationRecord | undefined> {
      const found = await findPackage(key.packageId);
      if (!found) return undefined;
      const row = await db
        .selectFrom('migration_import')
        .selectAll()
        .where('id', '=', key.importId)
        .where('package_id', '=', key.packageId)
        .executeTakeFirst();
      return row && { package: found, import: toImportRecord(row) };
    },

    async findImport(importId: string): Promise<ImportRecord | undefined> {
      const row = await db.selectFrom('migration_import').selectAll().where('id', '=', importId).executeTakeFirst();
      return row && toImportRecord(row);
    },

    async loadImportsOf(packageId: string): Promise<ImportRecord[]> {
      const rows = await db.selectFrom('migration_import').selectAll().where('package_id', '=', packageId).execute();
      return rows.map(toImportRecord);
    },

    async savePackage(record: PackageRecord): Promise<void> {
      const { id, ...columns } = toPackageRow(record);
      await db
        .insertInto('package')
        .values({ id, ...columns })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
        .execute();
    },

    async saveImport(record: ImportRecord): Promise<void> {
      const { id, ...columns } = toImportRow(record);
      await db
        .insertInto('migration_import')
        .values({ id, ...columns })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
        .execute();
    },

    /** Forgets the imports of a package but one; for a package that comes back after it was deleted here. */
    async removeOtherImports(key: MigrationKey): Promise<void> {
      await db
        .deleteFrom('migration_import')
        .where('package_id', '=', key.packageId)
        .where('id', '!=', key.importId)
        .execute();
    },

    async setExisting(packageId: string, existing: boolean): Promise<void> {
      await db
        .updateTable('package')
        .set({ existing: existing ? 1 : 0 })
        .where('id', '=', packageId)
        .execute();
    },
  };
}
export type MigrationRepository = ReturnType<typeof migrationRepository>;
