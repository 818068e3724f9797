import { AppError, type EntryInput, type Ref, type TriggerImportBody } from '@longshore/contracts';
import {
  parseObjectId,
  parseWireDate,
  type PackagePurpose,
  type PackageStatus,
  type PackageType,
} from '@longshore/domain';
import { STORE_FOLDERS, parseStorePath, type StorePath } from '../../platform/files/store-path.ts';
import { parseMigrationId } from './migration-key.ts';
import { settingsView } from './merge-settings.ts';
import { toRef } from './migration-mapper.ts';
import type { MigrationKey } from './migration-records.ts';
import { resolveSettings, treeViewText } from './package-request.ts';
import { readTargetProject } from './package-target.ts';
import { requireOperation } from './record-state.ts';
import { requireOwnPurpose } from './require-own-purpose.ts';

type PackageInput = TriggerImportBody['packageInfo'];

/** The replica that a PUT carries, as far as it can be believed: nothing of it decides what is imported. */
export interface ImportRequest {
  readonly key: MigrationKey;
  readonly type: PackageType;
  readonly purpose: PackagePurpose;
  readonly name: string;
  readonly creator: Ref;
  /** Wire dates; undefined where the body has none that can be read. */
  readonly creationDate: string | undefined;
  readonly lastUpdatedDate: string | undefined;
  readonly sourceEnvironment: Ref;
  readonly sourceProject: Ref;
  readonly storagePath: StorePath;
  readonly storageSize: number;
  readonly targetEnvironment: Ref;
  readonly targetProject: Ref | null;
  readonly tocView: PackageInput['tocView'];
  /** JSON texts, ready to be stored. */
  readonly tocViewText: string;
  readonly treeViewText: string;
  readonly certification: string | null;
}

/** As much of it as names a package and its target; what the package file is compared with. */
export type PackageClaim = Pick<
  ImportRequest,
  'key' | 'type' | 'purpose' | 'storagePath' | 'storageSize' | 'targetProject' | 'tocView'
>;

/**
 * Reads the body of PUT /api/migrations/{id} (spec/api.md 2.7.5).
 * @throws AppError `invalid` or `missing`, saying what of the body cannot be.
 */
export function readImportRequest(pathId: string, body: TriggerImportBody): ImportRequest {
  const key = readKey(pathId, body);
  const { packageInfo, importInfo } = body;
  const purpose = packageInfo.purpose ?? 'object_migration';
  requireOwnPurpose(purpose);
  requireReplica(packageInfo, purpose);
  if (purpose === 'project_merge') requireNoContent(packageInfo.tocView);
  return {
    key,
    type: packageInfo.type,
    purpose,
    name: packageInfo.name ?? '',
    creator: toRef(packageInfo.creator),
    creationDate: parseWireDate(packageInfo.creationDate ?? ''),
    lastUpdatedDate: parseWireDate(packageInfo.lastUpdatedDate ?? ''),
    sourceEnvironment: toRef(packageInfo.environment),
    sourceProject: toRef(packageInfo.project),
    ...readStorage(packageInfo.storage),
    targetEnvironment: toRef(importInfo?.environment),
    targetProject: readTargetProject(importInfo?.project),
    tocView: packageInfo.tocView,
    tocViewText: tocViewText(packageInfo.tocView, packageInfo.type, purpose),
    treeViewText: treeViewText(packageInfo.treeView),
    certification: readCertification(packageInfo.certification),
  };
}

/** @throws AppError `invalid` when the ids in the body are not those of the path. */
export function readKey(pathId: string, body: TriggerImportBody): MigrationKey {
  const key = parseMigrationId(pathId);
  if (!key) throw new AppError('invalid', `The id '${pathId}' in the path is not <packageId>:<importId>.`);
  const bodyKey = parseMigrationId(body.id);
  if (bodyKey?.packageId !== key.packageId || bodyKey.importId !== key.importId) {
    throw new AppError('invalid', `The body's id '${body.id}' is not the id ${pathId} of the path.`);
  }
  if (parseObjectId(body.packageInfo.id) !== key.packageId) {
    throw new AppError(
      'invalid',
      `packageInfo.id '${body.packageInfo.id}' is not the package ${key.packageId} of the path.`,
    );
  }
  const importId = body.importInfo?.id;
  if (importId && parseObjectId(importId) !== key.importId) {
    throw new AppError('invalid', `importInfo.id '${importId}' is not the import ${key.importId} of the path.`);
  }
  return key;
}

/** The body's part of the preconditions; the state of this environment's own record is checked when it is written. */
function requireReplica(packageInfo: PackageInput, purpose: PackagePurpose): void {
  requireOperation('import', {
    packageStatus: packageInfo.status as PackageStatus,
    importRequestStatus: 'approved',
    importStatus: null,
    undoRequestStatus: 'pending',
    replicated: packageInfo.replicated === true,
    purpose,
    hasUndo: false,
  });
}

/**
 * What a merge takes is in its file alone; no record lists it.
 * @throws AppError `invalid` when there is content.
 */
export function requireNoContent(tocView: PackageInput['tocView']): void {
  if ((tocView?.content ?? []).length === 0) return;
  throw new AppError(
    'invalid',
    'packageInfo.tocView.content must be left out: a project merge has none. Send the record as the source gives it.',
  );
}

/** @throws AppError `missing` or `invalid` for anything but the path and size of a package. */
export function readStorage(storage: PackageInput['storage']): { storagePath: StorePath; storageSize: number } {
  if (!storage?.path || typeof storage.size !== 'number') {
    throw new AppError('missing', 'packageInfo.storage must have the path and the size that the source gives.');
  }
  const storagePath = parseStorePath(storage.path);
  if (!storagePath.startsWith(`${STORE_FOLDERS.packages}/`)) {
    throw new AppError('invalid', `packageInfo.storage.path ${storagePath} is not the path of a package.`);
  }
  return { storagePath, storageSize: storage.size };
}

/** Only a whole certification is kept: clients cannot read a part of one. */
function readCertification(value: PackageInput['certification']): string | null {
  const { status, operator, lastUpdatedDate } = value ?? {};
  if (!status || !lastUpdatedDate || !operator?.id || !operator.name) return null;
  const { id, name, fullName } = operator;
  return JSON.stringify({ status, operator: { id, name, ...(fullName ? { fullName } : {}) }, lastUpdatedDate });
}

/** The view as it goes out again: keys without value left out, settings whole. `{}` stays `{}`. */
function tocViewText(tocView: PackageInput['tocView'], type: PackageType, purpose: PackagePurpose): string {
  const { settings, content } = tocView ?? {};
  return JSON.stringify({
    ...(settings ? { settings: settingsView(resolveSettings(settings, type, purpose)) } : {}),
    ...(content ? { content: content.map(withoutNulls) } : {}),
  });
}

function withoutNulls(entry: EntryInput): object {
  const members = Object.entries(entry);
  if (members.every(([, member]) => member !== null)) return entry;
  return Object.fromEntries(members.filter(([, member]) => member !== null));
}
