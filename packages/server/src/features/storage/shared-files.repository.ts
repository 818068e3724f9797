import type { SharedFileType } from '@longshore/contracts';
import type { PackagePurpose, PackageType } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables, SharedFileTable } from '../../platform/db/library-schema.ts';

export interface NamedPlace {
  readonly id?: string;
  readonly name?: string;
}

/** A package file that was uploaded, or is announced to be. Dates are wire dates. */
export interface SharedFileRecord {
  readonly guid: string;
  readonly type: SharedFileType;
  /** Null until the package says its own. */
  readonly name: string | null;
  readonly extension: string;
  /** Place in the store. */
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes have arrived and are a package. */
  readonly existing: boolean;
  readonly creator: NamedPlace;
  readonly environment: NamedPlace;
  readonly creationDate: string;
  readonly lastUpdatedDate: string;
  /** The id under which this environment keeps the package; of its own making. */
  readonly packageId: string;
  readonly packageType: PackageType;
  readonly packagePurpose: PackagePurpose;
  /** The id that the package itself carries; null until the bytes have arrived. */
  readonly contentPackageId: string | null;
}

export interface Uploaded {
  readonly name: string;
  readonly contentPackageId: string;
  readonly lastUpdatedDate: string;
}

/** Metadata of uploaded files. Made from the reader, or from the executor of a unit of work. */
export function sharedFilesRepository(db: Executor<LibraryTables>) {
  return {
    async findFile(guid: string): Promise<SharedFileRecord | undefined> {
      const row = await db.selectFrom('shared_file').selectAll().where('guid', '=', guid).executeTakeFirst();
      return row && toRecord(row);
    },

    async countFiles(type: SharedFileType): Promise<number> {
      const row = await db
        .selectFrom('shared_file')
        .select((eb) => eb.fn.countAll<number>().as('files'))
        .where('type', '=', type)
        .executeTakeFirstOrThrow();
      return row.files;
    },

    /** Newest first: clients look through the first page only. */
    async listFiles(
      type: SharedFileType,
      page: { readonly offset: number; readonly limit: number },
    ): Promise<SharedFileRecord[]> {
      const rows = await db
        .selectFrom('shared_file')
        .selectAll()
        .where('type', '=', type)
        .orderBy('creation_date', 'desc')
        .orderBy('guid', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return rows.map(toRecord);
    },

    async addFile(record: SharedFileRecord): Promise<void> {
      await db.insertInto('shared_file').values(toRow(record)).execute();
    },

    async markUploaded(guid: string, uploaded: Uploaded): Promise<void> {
      await db
        .updateTable('shared_file')
        .set({
          existing: 1,
          name: uploaded.name,
          content_package_id: uploaded.contentPackageId,
          last_updated_date: uploaded.lastUpdatedDate,
        })
        .where('guid', '=', guid)
        .execute();
    },

    async removeFile(guid: string): Promise<void> {
      await db.deleteFrom('shared_file').where('guid', '=', guid).execute();
    },

    /** Whether a package at a place of the store is being imported. */
    async isBeingImported(path: string): Promise<boolean> {
      const row = await db
        .selectFrom('migration_import')
        .innerJoin('package', 'package.id', 'migration_import.package_id')
        .select('migration_import.id')
        .where('package.storage_path', '=', path)
        .where('migration_import.status', '=', 'importing')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toRow(record: SharedFileRecord): SharedFileTable {
  return {
    guid: record.guid,
    type: record.type,
    name: record.name,
    extension: record.extension,
    path: record.path,
    sha256: record.sha256,
    size: record.size,
    existing: record.existing ? 1 : 0,
    creator: JSON.stringify(record.creator),
    environment: JSON.stringify(record.environment),
    creation_date: record.creationDate,
    last_updated_date: record.lastUpdatedDate,
    package_id: record.packageId,
    package_type: record.packageType,
    package_purpose: record.packagePurpose,
    content_package_id: record.contentPackageId,
  };
}

function toRecord(row: SharedFileTable): SharedFileRecord {
  return {
    guid: row.guid,
    type: row.type as SharedFileType,
    name: row.name,
    extension: row.extension,
    path: row.path,
    sha256: row.sha256,
    size: row.size,
    existing: row.existing === 1,
    creator: JSON.parse(row.creator) as NamedPlace,
    environment: JSON.parse(row.environment) as NamedPlace,
    creationDate: row.creation_date,
    lastUpdatedDate: row.last_updated_date,
    packageId: row.package_id,
    packageType: row.package_type as PackageType,
    packagePurpose: row.package_purpose as PackagePurpose,
    contentPackageId: row.content_package_id,
  };
}
