import { AppError } from '@longshore/contracts';
import type { PackagePurpose } from '@longshore/domain';

/**
 * Migrations of two purposes have calls of their own: uploaded files and members of groups.
 * @throws AppError `invalid` naming that call
 */
export function requireOwnPurpose(purpose: PackagePurpose): void {
  if (purpose === 'migration_from_shared_file_store') {
    throw new AppError(
      'invalid',
      `packageInfo.purpose is '${purpose}': an uploaded file is imported, and imported again, with POST /api/migrations ` +
        'and the id of the file in packageInfo.storage.sharedFileStore.files.',
    );
  }
  if (purpose !== 'object_migration' && purpose !== 'project_merge') {
    throw new AppError(
      'invalid',
      `packageInfo.purpose '${purpose}' is that of a member of a migration group. Use /api/migrationGroups for groups.`,
    );
  }
}
