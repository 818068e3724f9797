import { AppError } from '@longshore/contracts';
import type { PackagePurpose } from '@longshore/domain';

/**
 * The one place that says what this server does not do yet. Whoever builds one of these takes its line away and
 * follows the compiler and the tests from there.
 */
const UNSUPPORTED = {
  group: 'Migration groups are',
} as const;
export type UnsupportedFeature = keyof typeof UNSUPPORTED;

/** 400 ERR006: nothing is wrong with the request, and to repeat it would not help. */
export function notSupportedYet(feature: UnsupportedFeature): AppError {
  return new AppError('invalid', `${UNSUPPORTED[feature]} not supported yet by this server.`);
}

/** @throws AppError `invalid` for a purpose of a package that cannot be built or sent here, or not yet. */
export function refuseUnsupported(purpose: PackagePurpose): void {
  if (purpose === 'migration_from_shared_file_store') {
    throw new AppError(
      'invalid',
      `packageInfo.purpose is '${purpose}': an uploaded file is imported, and imported again, with POST /api/migrations ` +
        'and the id of the file in packageInfo.storage.sharedFileStore.files.',
    );
  }
  if (purpose !== 'object_migration' && purpose !== 'project_merge') throw notSupportedYet('group');
}
