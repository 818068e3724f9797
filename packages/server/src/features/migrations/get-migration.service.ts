import { AppError, SHOW_CONTENT, type Migration, type ShowContent } from '@longshore/contracts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { refreshCertification } from './certification/sync-certification.service.ts';
import { isGroupPurpose } from './group-member.ts';
import { groupMemberRepository } from './group-members.repository.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { migrationNotFound, requireMigrationKey } from './migration-key.ts';
import { toMigration } from './migration-mapper.ts';
import type { MigrationRecord } from './migration-records.ts';
import { packageViewsRepository, type StoredViews } from './package-views.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { refreshValidation } from './validation/refresh-validation.service.ts';
import { requireRecordAccess } from './record-access.ts';
import { tocViewText } from './toc-view-text.ts';

export interface GetMigration {
  readonly migrationId: string;
  /** In any letter case; undefined means `default`. */
  readonly showContent: string | undefined;
  readonly caller: Caller;
}

/** A record, and apart from it the view that may be very large, as pieces of JSON text. */
export interface ShownMigration {
  readonly record: Migration;
  readonly tocView: AsyncIterable<string> | undefined;
}

const NO_VIEWS: StoredViews = { tocView: '{}', treeView: '{}', list: null };

type GetDeps = Pick<MigrationDeps, 'platform' | 'files' | 'progress'>;

/**
 * Use case: this environment's record of a migration. A deleted one is still shown, marked as deleted: clients read
 * record by record from lists that have grown old.
 * @throws AppError `notFound`, `missingPrivilege`, `invalid` for an unknown view.
 */
export async function getMigration(deps: GetDeps, request: GetMigration): Promise<ShownMigration> {
  const show = readShowContent(request.showContent);
  const records = migrationRepository(deps.platform.library.reader);
  const found = await records.findMigration(requireMigrationKey(request.migrationId));
  if (!found) throw migrationNotFound(request.migrationId);
  requireRecordAccess(request.caller, found);
  const record = deps.progress.applyTo(await withFoundFile(deps, await refreshed(deps, found)));
  const group = isGroupPurpose(record.package.purpose)
    ? await groupMemberRepository(deps.platform.library.reader).findGroupOf(record.package.id)
    : undefined;
  if (show === 'default') return { record: toMigration(record, {}, group), tocView: undefined };
  const { reader } = deps.platform.library;
  const views = (await packageViewsRepository(reader).findViews(record.package.id)) ?? NO_VIEWS;
  return {
    record: toMigration(record, show === 'tocview' ? {} : { treeView: views.treeView }, group),
    tocView: show === 'treeview' ? undefined : tocViewText(reader, record.package.id, views),
  };
}

/** With what other environments have told through the shared store since. */
async function refreshed(deps: GetDeps, record: MigrationRecord): Promise<MigrationRecord> {
  return refreshCertification(deps, await refreshValidation(deps, record));
}

/** @throws AppError `invalid` for an unknown view. */
export function readShowContent(value: string | undefined): ShowContent {
  if (value === undefined) return 'default';
  const word = SHOW_CONTENT.find((known) => known === value.toLowerCase());
  if (word === undefined)
    throw new AppError('invalid', `showContent '${value}' is not one of ${SHOW_CONTENT.join(', ')}.`);
  return word;
}

/** Looks whether the package file is still there, once no job is at work on it, and notes it when that has changed. */
export async function withFoundFile(
  deps: Pick<MigrationDeps, 'platform' | 'files'>,
  record: MigrationRecord,
): Promise<MigrationRecord> {
  const { id, storagePath, storageSize, existing } = record.package;
  const isRunning = record.import.status === 'importing' || record.import.status === 'undoing';
  if (storagePath === null || storageSize === null || isRunning) return record;
  const isThere = await hasFile(deps, storagePath);
  if (isThere === undefined || isThere === existing) return record;
  await deps.platform.library.write((tx) => migrationRepository(tx).setExisting(id, isThere));
  return { ...record, package: { ...record.package, existing: isThere } };
}

/** Undefined when the store cannot tell: a record must stay readable while the store is away. */
async function hasFile(deps: Pick<MigrationDeps, 'platform' | 'files'>, path: string): Promise<boolean | undefined> {
  try {
    return (await deps.files.stat(parseStorePath(path))) !== null;
  } catch (error) {
    deps.platform.log.warn({ err: error, path }, 'The shared file store cannot be read');
    return undefined;
  }
}
