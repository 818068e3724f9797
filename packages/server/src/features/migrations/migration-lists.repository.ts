import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { PackagePurpose } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { toImportRecord, toPackageRecord, type MigrationKey, type MigrationRecord } from './migration-records.ts';

export interface MigrationFilter {
  readonly purposes: readonly PackagePurpose[];
  /** Only records that belong to one of these projects (see `homeProjectOf`); null for no such limit. */
  readonly projectIds: readonly string[] | null;
}

export interface MigrationPage extends MigrationFilter {
  readonly offset: number;
  readonly limit: number;
}

/** Many migration records at once, never with their views. */
export function migrationListRepository(db: Executor<LibraryTables>) {
  return {
    /** One page, newest package first, without views. Deleted records are left out. */
    async listMigrations(page: MigrationPage): Promise<MigrationRecord[]> {
      const keys = await db
        .selectFrom('migration_listing')
        .select(['package_id as packageId', 'import_id as importId'])
        .where('purpose', 'in', page.purposes)
        .$if(page.projectIds !== null, (query) => query.where(isOfProject(page.projectIds ?? [])))
        .orderBy('package_date', 'desc')
        .orderBy('package_id', 'desc')
        .orderBy('import_date', 'desc')
        .orderBy('import_id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return loadRecords(db, keys);
    },

    async countMigrations({ purposes, projectIds }: MigrationFilter): Promise<number> {
      const row = await db
        .selectFrom('migration_listing')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('purpose', 'in', purposes)
        .$if(projectIds !== null, (query) => query.where(isOfProject(projectIds ?? [])))
        .executeTakeFirstOrThrow();
      return row.total;
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
  };
}

/** Whether the record of a listing row belongs to one of the projects; SQL's form of `homeProjectOf`. */
function isOfProject(projectIds: readonly string[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select 1 from package join migration_import on migration_import.id = migration_listing.import_id
    where package.id = migration_listing.package_id and package.type <> 'configuration'
      and json_extract(case when package.replicated = 1 then migration_import.project else package.project end, '$.id')
        in (select value from json_each(${JSON.stringify(projectIds)})))`;
}

/** The records of the keys, in their order; at most as many as one query has parameters. */
export async function loadRecords(
  db: Executor<LibraryTables>,
  keys: readonly MigrationKey[],
): Promise<MigrationRecord[]> {
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
