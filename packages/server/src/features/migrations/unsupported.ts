import { AppError } from '@longshore/contracts';
import type { PackagePurpose } from '@longshore/domain';

/**
 * The one place that says what this server does not do yet. Whoever builds one of these takes its line away and
 * follows the compiler and the tests from there.
 */
const UNSUPPORTED = {
  uploaded_file: 'Migrations from an uploaded file are',
} as const;
export type UnsupportedFeature = keyof typeof UNSUPPORTED;

/** 400 ERR006: nothing is wrong with the request, and to repeat it would not help. */
export function notSupportedYet(feature: UnsupportedFeature): AppError {
  return new AppError('invalid', `${UNSUPPORTED[feature]} not supported yet by this server.`);
}

/** @throws AppError `invalid` for a purpose of a package that this server cannot build or import yet. */
export function refuseUnsupported(purpose: PackagePurpose): void {
  if (purpose === 'migration_from_shared_file_store') throw notSupportedYet('uploaded_file');
  if (purpose !== 'object_migration' && purpose !== 'project_merge') {
    throw new AppError(
      'invalid',
      `packageInfo.purpose '${purpose}' is that of a member of a migration group. Use /api/migrationGroups for groups.`,
    );
  }
}
