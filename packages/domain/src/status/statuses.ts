/** The status words of migration records (spec/api.md 3). */

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

/** Both the import request and the undo request. */
export const REQUEST_STATUSES = ['pending', 'requested', 'approved', 'rejected'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

export const VALIDATION_STATUSES = ['validating', 'validated', 'validation_failed'] as const;
export type ValidationStatus = (typeof VALIDATION_STATUSES)[number];

export const CERTIFICATION_STATUSES = ['uncertified', 'requested', 'certified', 'rejected'] as const;
export type CertificationStatus = (typeof CERTIFICATION_STATUSES)[number];

export const PACKAGE_PURPOSES = [
  'object_migration',
  'project_merge',
  'migration_from_shared_file_store',
  'migration_group',
  'migration_group_child',
] as const;
export type PackagePurpose = (typeof PACKAGE_PURPOSES)[number];
