import type { HolderImportStatus, HolderStatus, PackageKind } from '@longshore/contracts';
import type { PackageType } from '@longshore/domain';
import type { HolderImportTable, PackageHolderTable } from '../../platform/db/library-schema.ts';
import type { ContentEntry, PackageSettings, RecordWarning } from '../migrations/migration-jobs.ts';

/** What a package shows of its content; entries of an uploaded file do not say what was listed and what pulled in. */
export interface HolderView {
  readonly settings?: Partial<PackageSettings>;
  readonly content?: readonly (Omit<ContentEntry, 'explicitIncluded' | 'includeDependents'> & Partial<ContentEntry>)[];
  readonly warnings?: readonly RecordWarning[];
}

/** A package of a session. */
export interface HolderRecord {
  readonly guid: string;
  readonly sessionId: string;
  /** Of the project header of the call that made it; null for none. */
  readonly projectId: string | null;
  readonly status: HolderStatus;
  readonly message: string;
  /** The three are null until it is known what it holds. */
  readonly type: PackageType | null;
  readonly kind: PackageKind | null;
  /** The package id that stands in the file. */
  readonly packageId: string | null;
  /** The import that an undo package undoes. */
  readonly undoneImportId: string | null;
  readonly view: HolderView;
  readonly storagePath: string | null;
  readonly storageSize: number | null;
}

/** An import of a session. */
export interface HolderImportRecord {
  readonly guid: string;
  readonly sessionId: string;
  readonly holderGuid: string;
  /** `undo` for the import of an undo package. */
  readonly kind: 'import' | 'undo';
  /** Target project; null for the configuration. */
  readonly projectId: string | null;
  readonly status: HolderImportStatus;
  readonly message: string;
  readonly progress: number;
  readonly undoPath: string | null;
  readonly undoSize: number | null;
  /** By which the journal of the metadata knows it. */
  readonly journalImportId: string;
  /** Number of the newest journal transaction under that id when it was started. */
  readonly journalBefore: number;
}

export function toHolderRow(record: HolderRecord): PackageHolderTable {
  return {
    guid: record.guid,
    session_id: record.sessionId,
    project_id: record.projectId,
    status: record.status,
    message: record.message,
    type: record.type,
    kind: record.kind,
    package_id: record.packageId,
    undone_import_id: record.undoneImportId,
    view: JSON.stringify(record.view),
    storage_path: record.storagePath,
    storage_size: record.storageSize,
  };
}

export function toHolderRecord(row: PackageHolderTable): HolderRecord {
  return {
    guid: row.guid,
    sessionId: row.session_id,
    projectId: row.project_id,
    status: row.status as HolderStatus,
    message: row.message,
    type: row.type as PackageType | null,
    kind: row.kind as PackageKind | null,
    packageId: row.package_id,
    undoneImportId: row.undone_import_id,
    view: JSON.parse(row.view) as HolderView,
    storagePath: row.storage_path,
    storageSize: row.storage_size,
  };
}

export function toHolderImportRow(record: HolderImportRecord): HolderImportTable {
  return {
    guid: record.guid,
    session_id: record.sessionId,
    holder_guid: record.holderGuid,
    kind: record.kind,
    project_id: record.projectId,
    status: record.status,
    message: record.message,
    progress: record.progress,
    undo_path: record.undoPath,
    undo_size: record.undoSize,
    journal_import_id: record.journalImportId,
    journal_before: record.journalBefore,
  };
}

export function toHolderImportRecord(row: HolderImportTable): HolderImportRecord {
  return {
    guid: row.guid,
    sessionId: row.session_id,
    holderGuid: row.holder_guid,
    kind: row.kind as HolderImportRecord['kind'],
    projectId: row.project_id,
    status: row.status as HolderImportStatus,
    message: row.message,
    progress: row.progress,
    undoPath: row.undo_path,
    undoSize: row.undo_size,
    journalImportId: row.journal_import_id,
    journalBefore: row.journal_before,
  };
}
