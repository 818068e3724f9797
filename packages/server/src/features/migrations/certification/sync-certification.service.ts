import { parseCertificationFile, type Certification } from '@longshore/contracts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { packageCertificationPath } from '../../../platform/files/store-path.ts';
import type { Caller } from '../../../platform/http/access.ts';
import type { Platform } from '../../../platform/platform.ts';
import { refuseMember } from '../group-member.ts';
import { migrationNotFound, requireMigrationKey } from '../migration-key.ts';
import type { MigrationRecord, PackageRecord } from '../migration-records.ts';
import { migrationRepository } from '../migrations.repository.ts';
import { requireRecordAccess } from '../record-access.ts';
import { changeStatusFile, readStatusFile } from '../status-files/status-files.ts';
import { parseCertification } from './certify-package.service.ts';

export interface SyncDeps {
  readonly platform: Platform;
  readonly files: FileStore;
}

/**
 * Use case: exchange the certification of a package with the other environments through the shared store (autoSync of
 * spec/api.md 2.7.8). The newest one wins, here and there.
 * @throws AppError `notFound`, `storageMisconfigured`
 */
export async function syncCertification(
  deps: SyncDeps,
  { migrationId, caller }: { readonly migrationId: string; readonly caller: Caller },
): Promise<void> {
  const { platform, files } = deps;
  const key = requireMigrationKey(migrationId);
  const record = await migrationRepository(platform.library.reader).findMigration(key);
  if (!record || record.package.deleted) throw migrationNotFound(migrationId);
  requireRecordAccess(caller, record);
  await refuseMember(platform.library.reader, record.package);
  await changeStatusFile(files, packageCertificationPath(key.packageId), async (text) => {
    const shared = parseShared(deps, key.packageId, text);
    const { certification } = await takeNewest(deps, record.package, shared);
    const own = parseCertification(certification);
    return own && isNewer(own, shared) ? `${JSON.stringify(own)}\n` : null;
  });
}

/**
 * The record of a copy with the newest certification that the other environments have shared. A store that cannot be
 * read changes nothing: the record stays readable.
 */
export async function refreshCertification(deps: SyncDeps, record: MigrationRecord): Promise<MigrationRecord> {
  if (!record.package.replicated || record.package.deleted) return record;
  try {
    const shared = await readShared(deps, record.package.id);
    const current = await takeNewest(deps, record.package, shared);
    return current === record.package ? record : { ...record, package: current };
  } catch (error) {
    deps.platform.log.warn({ err: error, packageId: record.package.id }, 'The shared certification cannot be read');
    return record;
  }
}

async function readShared(deps: SyncDeps, packageId: string): Promise<Certification | null> {
  return parseShared(deps, packageId, await readStatusFile(deps.files, packageCertificationPath(packageId)));
}

function parseShared({ platform }: SyncDeps, packageId: string, text: string | null): Certification | null {
  if (text === null) return null;
  const shared = parseCertificationFile(text);
  if (!shared) platform.log.warn({ packageId }, 'A certification file is damaged and counts for nothing');
  return shared ?? null;
}

async function takeNewest(
  { platform }: SyncDeps,
  pkg: PackageRecord,
  shared: Certification | null,
): Promise<PackageRecord> {
  if (!shared || !isNewer(shared, parseCertification(pkg.certification))) return pkg;
  return platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const current = await records.findPackage(pkg.id);
    if (!current || !isNewer(shared, parseCertification(current.certification))) return current ?? pkg;
    const changed = { ...current, certification: JSON.stringify(shared) };
    await records.savePackage(changed);
    return changed;
  });
}

const isNewer = (a: Certification, b: Certification | null): boolean => !b || a.lastUpdatedDate > b.lastUpdatedDate;
