import { AppError, type MigrationList } from '@longshore/contracts';
import { PACKAGE_PURPOSES, type PackagePurpose } from '@longshore/domain';
import type { MigrationDeps } from './migration-deps.ts';
import { toMigration } from './migration-mapper.ts';
import { migrationListRepository } from './migration-lists.repository.ts';
import { refreshValidation } from './validation/refresh-validation.service.ts';

/** Largest page; -1 asks for it (spec/api.md 1.8). */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

export interface ListMigrations {
  readonly offset: number | undefined;
  readonly limit: number | undefined;
  /** Absent means object migrations only. */
  readonly purposes: readonly string[] | undefined;
}

/**
 * Use case: a page of this environment's records without their views, newest first (spec/api.md 2.7.3).
 * @throws AppError `invalid` for a page or a purpose that cannot be.
 */
export async function listMigrations(
  deps: Pick<MigrationDeps, 'platform' | 'files' | 'progress'>,
  request: ListMigrations,
): Promise<MigrationList> {
  const offset = request.offset ?? 0;
  const limit = request.limit === -1 ? MAX_LIMIT : (request.limit ?? DEFAULT_LIMIT);
  if (offset < 0) throw new AppError('invalid', `offset ${offset} must be 0 or more.`);
  if (limit < 0 || limit > MAX_LIMIT) {
    throw new AppError('invalid', `limit ${limit} must be 0 to ${MAX_LIMIT}, or -1 for ${MAX_LIMIT}.`);
  }
  const purposes = readPurposes(request.purposes);
  const records = migrationListRepository(deps.platform.library.reader);
  const total = await records.countMigrations(purposes);
  const page = limit === 0 || offset >= total ? [] : await records.listMigrations({ purposes, offset, limit });
  const current = await Promise.all(page.map((record) => refreshValidation(deps, record)));
  return { total, offset, limit, data: current.map((record) => toMigration(deps.progress.applyTo(record))) };
}

function readPurposes(values: readonly string[] | undefined): PackagePurpose[] {
  const words = [...new Set((values ?? []).map((value) => value.trim()).filter((value) => value !== ''))];
  if (words.length === 0) return ['object_migration'];
  return words.map((word) => {
    const purpose = PACKAGE_PURPOSES.find((known) => known === word.toLowerCase());
    if (purpose !== undefined) return purpose;
    throw new AppError('invalid', `packageInfo.purpose '${word}' is not one of ${PACKAGE_PURPOSES.join(', ')}.`);
  });
}
