import { refreshListing } from '../../packages/server/src/features/migrations/migrations.repository.ts';
import type { MigrationImportTable, PackageTable } from '../../packages/server/src/platform/db/library-schema.ts';
import type { Platform } from '../../packages/server/src/platform/platform.ts';
import { TUTORIAL } from './migration-environment.ts';

/** The nth id: 32 upper-case hex digits, first digit as given. */
export const idOf = (kind: string, n: number): string =>
  kind +
  n
    .toString(16)
    .toUpperCase()
    .padStart(32 - kind.length, '0');

export const PROJECT_REF = JSON.stringify({ id: TUTORIAL, name: 'MicroStrategy Tutorial' });
const DATE = '2022-03-16T07:38:40.125+0000';

/** A package as the library keeps it: built here, and created. */
export function aPackageRow(row: Partial<PackageTable> & { id: string }): PackageTable {
  return {
    name: 'A package',
    type: 'project',
    purpose: 'object_migration',
    replicated: 0,
    creator: '{}',
    creation_date: DATE,
    last_updated_date: DATE,
    environment: '{"id":"https://source/"}',
    storage_path: null,
    storage_size: null,
    project: PROJECT_REF,
    status: 'created',
    message: '',
    warnings: '[]',
    progress: 100,
    deleted: 0,
    existing: 1,
    certification: null,
    ...row,
  };
}

/** An import as the library keeps it: not yet asked for. */
export function anImportRow(
  row: Partial<MigrationImportTable> & { id: string; package_id: string },
): MigrationImportTable {
  return {
    creator: null,
    creation_date: DATE,
    last_updated_date: DATE,
    environment: '{"id":"https://target/"}',
    project: PROJECT_REF,
    status: 'pending',
    import_request_status: 'pending',
    undo_request_status: 'pending',
    progress: 0,
    message: '',
    undo_path: null,
    undo_size: null,
    validation: null,
    ...row,
  };
}

export async function insertRows(
  platform: Platform,
  packages: readonly PackageTable[],
  imports: readonly MigrationImportTable[],
): Promise<void> {
  await platform.library.write(async (tx) => {
    for (const row of packages) {
      await tx.insertInto('package').values(row).execute();
      const view = { package_id: row.id, toc_view: '{"settings":{},"content":[]}', tree_view: '{}' };
      await tx.insertInto('package_view').values(view).execute();
    }
    for (const row of imports) await tx.insertInto('migration_import').values(row).execute();
    for (const row of packages) await refreshListing(tx, row.id);
  });
}

/** A committed job of an import, as the engine writes it in the transaction of its changes; its number. */
export async function journal(
  platform: Platform,
  importId: string,
  kind: string,
  summary: unknown = {},
): Promise<number> {
  return platform.metadata.write(async (tx) => {
    const row = { kind, user_id: 'U', user_name: 'U', package_id: null, import_id: importId, date: DATE, comment: '' };
    const result = await tx
      .insertInto('journal_transaction')
      .values({ ...row, summary: JSON.stringify(summary) })
      .executeTakeFirstOrThrow();
    return Number(result.insertId);
  });
}
