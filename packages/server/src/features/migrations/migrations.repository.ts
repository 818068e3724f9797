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
  return {
    findPackage: (packageId: string): Promise<PackageRecord | undefined> => findPackage(db, packageId),

    /** The pair, deleted or not; undefined when either half is unknown or the halves do not belong together. */
    async findMigration(key: MigrationKey): Promise<MigrationRecord | undefined> {
      const found = await findPackage(db, key.packageId);
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
      await refreshListing(db, id);
    },

    async saveImport(record: ImportRecord): Promise<void> {
      const { id, ...columns } = toImportRow(record);
      await db
        .insertInto('migration_import')
        .values({ id, ...columns })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
        .execute();
      await refreshListing(db, record.packageId);
    },

    /** Forgets the imports of a package but one; for a package that comes back after it was deleted here. */
    async removeOtherImports(key: MigrationKey): Promise<void> {
      await db
        .deleteFrom('migration_import')
        .where('package_id', '=', key.packageId)
        .where('id', '!=', key.importId)
        .execute();
      await refreshListing(db, key.packageId);
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

async function findPackage(db: Executor<LibraryTables>, packageId: string): Promise<PackageRecord | undefined> {
  const row = await db.selectFrom('package').selectAll().where('id', '=', packageId).executeTakeFirst();
  return row && toPackageRecord(row);
}

/** Derives the rows from which lists are read anew, for one package. */
export async function refreshListing(db: Executor<LibraryTables>, packageId: string): Promise<void> {
  await db.deleteFrom('migration_listing').where('package_id', '=', packageId).execute();
  await db
    .insertInto('migration_listing')
    .columns(['package_date', 'package_id', 'import_date', 'import_id', 'purpose'])
    .expression((from) =>
      from
        .selectFrom('package')
        .innerJoin('migration_import', 'migration_import.package_id', 'package.id')
        .select([
          'package.creation_date as package_date',
          'package.id as package_id',
          'migration_import.creation_date as import_date',
          'migration_import.id as import_id',
          'package.purpose as purpose',
        ])
        .where('package.id', '=', packageId)
        .where('package.deleted', '=', 0),
    )
    .execute();
}
