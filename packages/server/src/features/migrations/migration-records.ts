import type { Ref } from '@longshore/contracts';
import type { ImportStatus, PackagePurpose, PackageStatus, PackageType, RequestStatus } from '@longshore/domain';
import type { MigrationImportTable, PackageTable } from '../../platform/db/library-schema.ts';
import type { NamedRef, RecordWarning } from './migration-jobs.ts';

/** The two halves of a migration's name, both 32 upper-case hex digits. */
export interface MigrationKey {
  readonly packageId: string;
  readonly importId: string;
}

/** `packageInfo` as this environment keeps it. Dates are wire dates. */
export interface PackageRecord {
  readonly id: string;
  readonly name: string;
  readonly type: PackageType;
  readonly purpose: PackagePurpose;
  /** False where the package was built. */
  readonly replicated: boolean;
  readonly creator: Ref;
  readonly creationDate: string;
  readonly lastUpdatedDate: string;
  readonly environment: Ref;
  /** While the package is being built: the path that the file will have. */
  readonly storagePath: string | null;
  /** Bytes; null until the file is there. */
  readonly storageSize: number | null;
  /** Source project, null for configuration packages. */
  readonly project: NamedRef | null;
  readonly status: PackageStatus;
  readonly message: string;
  readonly warnings: readonly RecordWarning[];
  readonly progress: number;
  readonly deleted: boolean;
  readonly existing: boolean;
  /** JSON text of a whole certification, or null. */
  readonly certification: string | null;
}

/** `importInfo` as this environment keeps it. */
export interface ImportRecord {
  readonly id: string;
  readonly packageId: string;
  /** Null until an import was started here. */
  readonly creator: Ref | null;
  readonly creationDate: string;
  readonly lastUpdatedDate: string;
  readonly environment: Ref;
  /** Target project; its id may be missing until it is set. */
  readonly project: Ref | null;
  readonly status: ImportStatus;
  readonly importRequestStatus: RequestStatus;
  readonly undoRequestStatus: RequestStatus;
  readonly progress: number;
  readonly message: string;
  readonly undoPath: string | null;
  readonly undoSize: number | null;
  /** JSON text of a whole validation, or null. */
  readonly validation: string | null;
}

export interface MigrationRecord {
  readonly package: PackageRecord;
  readonly import: ImportRecord;
}

export function toPackageRow(record: PackageRecord): PackageTable {
  return {
    id: record.id,
    name: record.name,
    type: record.type,
    purpose: record.purpose,
    replicated: record.replicated ? 1 : 0,
    creator: JSON.stringify(record.creator),
    creation_date: record.creationDate,
    last_updated_date: record.lastUpdatedDate,
    environment: JSON.stringify(record.environment),
    storage_path: record.storagePath,
    storage_size: record.storageSize,
    project: record.project ? JSON.stringify(record.project) : null,
    status: record.status,
    message: record.message,
    warnings: JSON.stringify(record.warnings),
    progress: record.progress,
    deleted: record.deleted ? 1 : 0,
    existing: record.existing ? 1 : 0,
    certification: record.certification,
  };
}

export function toPackageRecord(row: PackageTable): PackageRecord {
  return {
    id: row.id,
    name: row.name,
    type: row.type as PackageType,
    purpose: row.purpose as PackagePurpose,
    replicated: row.replicated === 1,
    creator: JSON.parse(row.creator) as Ref,
    creationDate: row.creation_date,
    lastUpdatedDate: row.last_updated_date,
    environment: JSON.parse(row.environment) as Ref,
    storagePath: row.storage_path,
    storageSize: row.storage_size,
    project: row.project === null ? null : (JSON.parse(row.project) as NamedRef),
    status: row.status as PackageStatus,
    message: row.message,
    warnings: JSON.parse(row.warnings) as RecordWarning[],
    progress: row.progress,
    deleted: row.deleted === 1,
    existing: row.existing === 1,
    certification: row.certification,
  };
}

export function toImportRow(record: ImportRecord): MigrationImportTable {
  return {
    id: record.id,
    package_id: record.packageId,
    creator: record.creator ? JSON.stringify(record.creator) : null,
    creation_date: record.creationDate,
    last_updated_date: record.lastUpdatedDate,
    environment: JSON.stringify(record.environment),
    project: record.project ? JSON.stringify(record.project) : null,
    status: record.status,
    import_request_status: record.importRequestStatus,
    undo_request_status: record.undoRequestStatus,
    progress: record.progress,
    message: record.message,
    undo_path: record.undoPath,
    undo_size: record.undoSize,
    validation: record.validation,
  };
}

export function toImportRecord(row: MigrationImportTable): ImportRecord {
  return {
    id: row.id,
    packageId: row.package_id,
    creator: row.creator === null ? null : (JSON.parse(row.creator) as Ref),
    creationDate: row.creation_date,
    lastUpdatedDate: row.last_updated_date,
    environment: JSON.parse(row.environment) as Ref,
    project: row.project === null ? null : (JSON.parse(row.project) as Ref),
    status: row.status as ImportStatus,
    importRequestStatus: row.import_request_status as RequestStatus,
    undoRequestStatus: row.undo_request_status as RequestStatus,
    progress: row.progress,
    message: row.message,
    undoPath: row.undo_path,
    undoSize: row.undo_size,
    validation: row.validation,
  };
}
