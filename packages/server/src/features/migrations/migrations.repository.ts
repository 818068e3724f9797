import type { PackagePurpose } from '@longshore/domain';
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

export interface MigrationPage {
  readonly purposes: readonly PackagePurpose[];
  readonly offset: number;
  readonly limit: number;
}

/** JSON texts of `tocView` and `treeView`. */
export interface PackageViews {
  readonly tocView: string;
  readonly treeView: string;
}

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

    /** One page, newest package first, without views. Deleted records are left out. */
    async listMigrations(page: MigrationPage): Promise<MigrationRecord[]> {
      const keys = await listed(db, page.purposes)
        .select(['package.id as packageId', 'migration_import.id as importId'])
        .orderBy('package.creation_date', 'desc')
        .orderBy('package.id', 'desc')
        .orderBy('migration_import.creation_date', 'desc')
        .orderBy('migration_import.id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return loadRecords(db, keys);
    },

    async countMigrations(purposes: readonly PackagePurpose[]): Promise<number> {
      const row = await listed(db, purposes)
        .select((select) => select.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return Number(row.total);
    },

    /** Every record that a job is, or was, working on. */
    async loadRunning(): Promise<MigrationRecord[]> {
      const keys = await db
        .selectFrom('package')
        .innerJoin('migration_import', 'migration_import.package_id', 'package.id')
        .select(['package.id as packageId', 'migration_import.id as importId'])
        .where((where) =>
          where.or([
            where('package.status', '=', 'creating'),
            where('migration_import.status', 'in', ['importing', 'undoing']),
          ]),
        )
        .execute();
      return loadRecords(db, keys);
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

    async findViews(packageId: string): Promise<PackageViews | undefined> {
      const row = await db.selectFrom('package_view').selectAll().where('package_id', '=', packageId).executeTakeFirst();
      return row && { tocView: row.toc_view, treeView: row.tree_view };
    },

    async saveViews(packageId: string, views: PackageViews): Promise<void> {
      const row = { package_id: packageId, toc_view: views.tocView, tree_view: views.treeView };
      await db.replaceInto('package_view').values(row).execute();
    },

    async saveTocView(packageId: string, tocView: string): Promise<void> {
      await db.updateTable('package_view').set({ toc_view: tocView }).where('package_id', '=', packageId).execute();
    },
  };
}
export type MigrationRepository = ReturnType<typeof migrationRepository>;

function listed(db: Executor<LibraryTables>, purposes: readonly PackagePurpose[]) {
  return db
    .selectFrom('package')
    .innerJoin('migration_import', 'migration_import.package_id', 'package.id')
    .where('package.deleted', '=', 0)
    .where('package.purpose', 'in', purposes);
}

/** The records of the keys, in their order. */
async function loadRecords(db: Executor<LibraryTables>, keys: readonly MigrationKey[]): Promise<MigrationRecord[]> {
  if (keys.length === 0) return [];
  const packageIds = [...new Set(keys.map((key) => key.packageId))];
  const importIds = keys.map((key) => key.importId);
  const packageRows = await db.selectFrom('package').selectAll().where('id', 'in', packageIds).execute();
  const importRows = await db.selectFrom('migration_import').selectAll().where('id', 'in', importIds).execute();
  const packages = new Map(packageRows.map((row) => [row.id, toPackageRecord(row)]));
  const imports = new Map(importRows.map((row) => [row.id, toImportRecord(row)]));
  return keys.flatMap((key) => {
    const found = { package: packages.get(key.packageId), import: imports.get(key.importId) };
    return found.package && found.import ? [{ package: found.package, import: found.import }] : [];
  });
}
