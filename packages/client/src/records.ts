import type { ShowContent, TranslationWord } from '@longshore/contracts';
import type {
  AclOnNew,
  AclOnReplacing,
  CertificationStatus,
  ConflictAction,
  ImportStatus,
  PackageStatus,
  PackageType,
  RequestStatus,
  SchemaUpdate,
  ValidationStatus,
} from '@longshore/domain';

/**
 * Migration records as a client reads and sends them (spec/api.md 2.7): the short and the full form in one, so that
 * what only the full form has is optional. The schemas by which the server checks them are in `@longshore/contracts`.
 */

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

/** What a project merge has besides (spec/api.md 4.4). */
export interface MergeSettings {
  readonly validateDependencies?: boolean;
  readonly translationAction?: TranslationWord;
  readonly objectTypeActions?: readonly {
    readonly type: number;
    readonly subtype?: number;
    readonly action: ConflictAction;
  }[];
  readonly folderActions?: readonly { readonly id: string; readonly action: ConflictAction }[];
  readonly objectActions?: readonly {
    readonly id: string;
    readonly objectType?: number;
    readonly action: ConflictAction;
  }[];
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
  readonly settings?: TocSettings & MergeSettings;
  readonly content?: readonly TocEntry[];
}

/** Who has set a package's certification to what, and when. */
export interface Certification {
  readonly status: CertificationStatus;
  readonly operator?: Partial<NamedRef> & { readonly fullName?: string };
  readonly lastUpdatedDate?: string;
}

export interface Validation {
  readonly status: ValidationStatus;
  readonly progress: number;
  readonly creationDate?: string;
  readonly lastUpdatedDate?: string;
  readonly message?: string;
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
  readonly groupId?: string;
  readonly creator?: Partial<NamedRef>;
  readonly creationDate?: string;
  readonly lastUpdatedDate?: string;
  readonly certification?: Certification;
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
  readonly creator?: Partial<NamedRef>;
  readonly creationDate?: string;
  readonly lastUpdatedDate?: string;
  readonly undoStorage?: StoredFile;
  readonly message?: string;
  readonly deleted?: boolean;
}

/** A record, in the short form of POST, PUT and PATCH or in the full one of GET. */
export interface Migration {
  readonly id: string;
  readonly packageInfo: PackageInfo;
  readonly importInfo: ImportInfo;
  /** Absent until a validation was started. */
  readonly validation?: Validation;
}

export interface MigrationPage {
  readonly total: number;
  readonly data: readonly Migration[];
}

export interface CreateMigrationBody {
  readonly packageInfo: {
    readonly type: PackageType;
    readonly purpose?: 'object_migration' | 'project_merge';
    readonly name: string;
    readonly environment: NamedRef;
    readonly tocView: TocView;
    readonly treeView?: object;
  };
  readonly importInfo: ImportTarget;
}

/** The package part of an edit; it replaces rules and content entirely (spec/api.md 2.7.6). */
export interface EditPackageBody {
  readonly type: PackageType;
  readonly name: string;
  readonly tocView: TocView;
  readonly treeView?: object;
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
  /** Starts a validation, or resets the last one; the work itself is asked for on the target. */
  readonly validation?: { readonly status: 'validating' };
}

export type { ImportStatus, PackageStatus, RequestStatus, ShowContent };
