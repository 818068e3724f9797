import type { AclOnNew, AclOnReplacing, ConflictAction, PackageType, SchemaUpdate } from '@longshore/domain';

/** Migration records as they are on the wire (spec/api.md 2.7). Words that a newer server may add are plain texts. */

export const PACKAGE_STATUSES = ['empty', 'creating', 'created', 'create_failed', 'locked'] as const;
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];

export const IMPORT_STATUSES = [
  'pending',
  'importing',
  'imported',
  'import_failed',
  'undoing',
  'undo_success',
  'undo_failed',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

export const REQUEST_STATUSES = ['pending', 'requested', 'approved', 'rejected'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

export interface NamedRef {
  readonly id: string;
  readonly name: string;
}

/** A file in the shared store: `size` in bytes, `path` relative to the store. Both absent while there is no file. */
export interface StoredFile {
  readonly size?: number;
  readonly path?: string;
}

export interface TocSettings {
  readonly updateSchema?: readonly SchemaUpdate[] | null;
  readonly aclOnReplacingObjects?: AclOnReplacing | null;
  readonly aclOnNewObjects?: readonly AclOnNew[] | null;
  readonly defaultAction?: ConflictAction;
}

/** One entry of a package; what the server computes is absent in a request. */
export interface TocEntry {
  readonly id: string;
  readonly type: number;
  readonly name?: string;
  readonly version?: string;
  readonly action?: ConflictAction;
  readonly includeDependents?: boolean | null;
  readonly explicitIncluded?: boolean;
  readonly level?: string;
  readonly dateModified?: string;
}

export interface TocView {
  readonly settings?: TocSettings;
  readonly content?: readonly TocEntry[];
}

export interface PackageInfo {
  readonly id: string;
  readonly status: PackageStatus;
  readonly progress: number;
  readonly name?: string;
  readonly type?: PackageType;
  readonly purpose?: string;
  readonly replicated?: boolean;
  readonly environment?: Partial<NamedRef>;
  readonly project?: Partial<NamedRef>;
  readonly storage?: StoredFile;
  readonly creationDate?: string;
  readonly message?: string;
  readonly warnings?: readonly { readonly message: string; readonly bannedObjectCount?: number }[];
  readonly deleted?: boolean;
  readonly existing?: boolean;
  readonly tocView?: TocView;
}

export interface ImportInfo {
  readonly id: string;
  readonly status: ImportStatus;
  readonly progress: number;
  readonly importRequestStatus?: RequestStatus;
  readonly undoRequestStatus?: RequestStatus;
  readonly environment?: Partial<NamedRef>;
  readonly project?: Partial<NamedRef>;
  readonly undoStorage?: StoredFile;
  readonly message?: string;
  readonly deleted?: boolean;
}

/** A record, in the short form of POST, PUT and PATCH or in the full one of GET. */
export interface Migration {
  readonly id: string;
  readonly packageInfo: PackageInfo;
  readonly importInfo: ImportInfo;
}

export interface MigrationPage {
  readonly total: number;
  readonly data: readonly Migration[];
}

export interface CreateMigrationBody {
  readonly packageInfo: {
    readonly type: PackageType;
    readonly name: string;
    readonly environment: NamedRef;
    readonly tocView: TocView;
    readonly treeView?: object;
  };
  readonly importInfo: ImportTarget;
}

export interface ImportTarget {
  readonly environment?: NamedRef;
  readonly project?: NamedRef;
}

export interface MigrationPatch {
  readonly packageInfo?: { readonly name?: string };
  readonly importInfo?: ImportTarget & {
    readonly importRequestStatus?: RequestStatus;
    readonly undoRequestStatus?: RequestStatus;
  };
}

export const SHOW_CONTENT = ['default', 'tocview', 'treeview', 'all'] as const;
export type ShowContent = (typeof SHOW_CONTENT)[number];
