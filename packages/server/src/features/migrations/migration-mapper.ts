import type { ImportInfo, Migration, PackageInfo, Ref, ShortMigration, TocView } from '@longshore/contracts';
import type { GroupKey } from './group-members.repository.ts';
import { migrationId } from './migration-key.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { toShownValidation } from './validation/stored-validation.ts';

/** The views that an answer shows; a view that is not asked for is left out. */
export interface ShownViews {
  /** JSON text. */
  readonly tocView?: string;
  /** JSON text; it goes out as a string. */
  readonly treeView?: string;
}

/** Version of the record's form; opaque to clients. */
const RECORD_VERSION = '1';

/** The record as POST, PUT and PATCH answer it. */
export function toShortMigration(record: MigrationRecord): ShortMigration {
  const { package: pkg, import: imp } = record;
  return {
    id: migrationId({ packageId: pkg.id, importId: imp.id }),
    packageInfo: { id: pkg.id, status: pkg.status, progress: pkg.progress },
    importInfo: {
      id: imp.id,
      status: imp.status,
      importRequestStatus: imp.importRequestStatus,
      undoRequestStatus: imp.undoRequestStatus,
      progress: imp.progress,
    },
  };
}

/** The whole record (spec/api.md 2.7, Full migration). */
export function toMigration(record: MigrationRecord, views: ShownViews = {}, group?: GroupKey): Migration {
  const { package: pkg, import: imp } = record;
  return {
    id: migrationId({ packageId: pkg.id, importId: imp.id }),
    packageInfo: { ...toPackageInfo(pkg, views), ...(group ? { groupId: group.packageGroupId } : {}) },
    importInfo: { ...toImportInfo(imp, pkg.deleted), ...(group ? { groupId: group.importGroupId } : {}) },
    ...(imp.validation === null ? {} : { validation: toShownValidation(imp.validation) }),
    version: RECORD_VERSION,
  };
}

function toPackageInfo(pkg: PackageRecord, views: ShownViews): PackageInfo {
  return {
    id: pkg.id,
    name: pkg.name,
    replicated: pkg.replicated,
    type: pkg.type,
    purpose: pkg.purpose,
    creator: pkg.creator,
    creationDate: pkg.creationDate,
    lastUpdatedDate: pkg.lastUpdatedDate,
    environment: pkg.environment,
    storage: toStorage(pkg.storagePath, pkg.storageSize),
    project: pkg.project ?? {},
    status: pkg.status,
    message: pkg.message,
    ...(pkg.warnings.length === 0 ? {} : { warnings: [...pkg.warnings] }),
    progress: pkg.progress,
    deleted: pkg.deleted,
    existing: pkg.existing,
    ...(pkg.certification === null
      ? {}
      : { certification: JSON.parse(pkg.certification) as PackageInfo['certification'] }),
    ...(views.tocView === undefined ? {} : { tocView: JSON.parse(views.tocView) as TocView }),
    ...(views.treeView === undefined ? {} : { treeView: views.treeView }),
  };
}

function toImportInfo(imp: ImportRecord, deleted: boolean): ImportInfo {
  return {
    id: imp.id,
    creator: imp.creator ?? {},
    creationDate: imp.creationDate,
    lastUpdatedDate: imp.lastUpdatedDate,
    environment: imp.environment,
    status: imp.status,
    importRequestStatus: imp.importRequestStatus,
    undoRequestStatus: imp.undoRequestStatus,
    progress: imp.progress,
    message: imp.message,
    undoStorage: toStorage(imp.undoPath, imp.undoSize),
    project: imp.project ?? {},
    deleted,
  };
}

/** `{}` as long as there is no file, although its path may already be known. */
function toStorage(path: string | null, size: number | null): PackageInfo['storage'] {
  return path === null || size === null ? {} : { size, path };
}

/** `{id, name}` as a client sent it, without nulls and without fields of its own. */
export function toRef(input: { id?: string | null; name?: string | null } | null | undefined): Ref {
  return {
    ...(input?.id ? { id: input.id } : {}),
    ...(input?.name ? { name: input.name } : {}),
  };
}
