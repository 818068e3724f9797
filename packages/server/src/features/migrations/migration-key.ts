import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import type { MigrationKey } from './migration-records.ts';

/** Reads `packageId:importId` in any letter case; undefined when it is not two ids. */
export function parseMigrationId(text: string): MigrationKey | undefined {
  const parts = text.split(':');
  const packageId = parseObjectId(parts[0] ?? '');
  const importId = parseObjectId(parts[1] ?? '');
  return packageId && importId && parts.length === 2 ? { packageId, importId } : undefined;
}

export function migrationId(key: MigrationKey): string {
  return `${key.packageId}:${key.importId}`;
}

/** 404 in words of our own: the text of an unknown endpoint would make clients believe the feature is missing. */
export function migrationNotFound(id: string): AppError {
  return new AppError('notFound', `The migration with id ${id} is not found.`);
}

/** @throws AppError `notFound` for text that cannot be the id of a migration. */
export function requireMigrationKey(text: string): MigrationKey {
  const key = parseMigrationId(text);
  if (!key) throw migrationNotFound(text);
  return key;
}
