import { AppError, wrongState } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { HolderCall } from './holder-deps.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { holderNotFound, importNotFound, parseSessionId } from './session-id.ts';

/**
 * The package of the caller's own session.
 * @throws AppError `notFound`; `missing` or `invalid` when the project header is not the package's
 */
export async function getHolder(
  db: Executor<LibraryTables>,
  packageId: string,
  { caller, projectId }: HolderCall,
): Promise<HolderRecord> {
  const key = parseSessionId(packageId);
  const found = key && (await holderRepository(db).findHolder(key.guid));
  if (!found || found.sessionId !== caller.sessionId || found.projectId !== key.projectId) {
    throw holderNotFound(packageId);
  }
  // Configuration packages have no project; a header that comes by habit does not matter.
  if (found.type !== 'configuration') requireHeader('package', found.projectId, projectId);
  return found;
}

/**
 * The import of the caller's own session.
 * @throws AppError `notFound`; `missing` or `invalid` when the project header is not the import's
 */
export async function getImport(
  db: Executor<LibraryTables>,
  importId: string,
  { caller, projectId }: HolderCall,
): Promise<HolderImportRecord> {
  const key = parseSessionId(importId);
  const found = key && (await holderImportRepository(db).findImport(key.guid));
  if (!found || found.sessionId !== caller.sessionId || found.projectId !== key.projectId) {
    throw importNotFound(importId);
  }
  requireHeader('import', found.projectId, projectId);
  return found;
}

function requireHeader(what: string, expected: string | null, header: string | null): void {
  if (expected === null || header === expected) return;
  if (header === null) {
    throw new AppError(
      'missing',
      `The header X-MSTR-ProjectID is required: the ${what} belongs to project ${expected}.`,
    );
  }
  throw new AppError(
    'invalid',
    `The header X-MSTR-ProjectID names project ${header}, but the ${what} belongs to project ${expected}.`,
  );
}

/** @throws AppError `invalid` unless the package is in the one status in which that can be done */
export function requireStatus(holder: HolderRecord, status: HolderRecord['status']): void {
  if (holder.status !== status) throw wrongState('status', holder.status);
}
