import type { Migration } from '@longshore/client';
import type { ConsoleEnvironment, SharedFile } from '@longshore/contracts';

/** A record and the environment that it was read from. */
export interface Side {
  readonly environment: ConsoleEnvironment;
  readonly record: Migration;
}

/**
 * One migration as people think of it: the records that the environments keep of it, joined by their id. The one that
 * built the package is the source; the target has a copy. Either is null while that environment is not connected, or has
 * no record. With one environment as both, `source` is that one record.
 */
export interface MigrationRow {
  readonly kind: 'migration';
  readonly id: string;
  readonly source: Side | null;
  readonly target: Side | null;
}

/** An uploaded file of which no migration has been made yet. */
export interface UploadedFileRow {
  readonly kind: 'file';
  readonly id: string;
  readonly environment: ConsoleEnvironment;
  readonly file: SharedFile;
}

export type Row = MigrationRow | UploadedFileRow;

/** What one environment lists. */
export interface Listing {
  readonly environment: ConsoleEnvironment;
  readonly records: readonly Migration[];
  readonly files: readonly SharedFile[];
}

/** Joins what the environments list. The order is that of the listings, newest first in each. */
export function joinRows(listings: readonly Listing[]): readonly Row[] {
  const rows = new Map<string, MigrationRow>();
  for (const { environment, records } of listings) {
    for (const record of records) rows.set(record.id, joined(rows.get(record.id), { environment, record }));
  }
  return [...listings.flatMap(filesWithoutMigration), ...rows.values()];
}

function joined(row: MigrationRow | undefined, side: Side): MigrationRow {
  const { id, packageInfo } = side.record;
  const known = row ?? { kind: 'migration', id, source: null, target: null };
  return packageInfo.replicated ? { ...known, target: side } : { ...known, source: side };
}

function filesWithoutMigration({ environment, records, files }: Listing): UploadedFileRow[] {
  const imported = new Set(records.map(({ packageInfo }) => packageInfo.id));
  return files
    .filter((file) => file.existing && !imported.has(file.extraInfo.packageId))
    .map((file) => ({ kind: 'file', id: file.id, environment, file }));
}

/** The record that says what the package is: the source's, or the copy where only that is known. */
export function packageSide(row: MigrationRow): Side {
  const side = row.source ?? row.target;
  if (!side) throw new Error(`Migration ${row.id} has no record.`);
  return side;
}

/** The record on which the import happens: the target's, or the source's while there is no other. */
export function importSide(row: MigrationRow): Side {
  return row.target ?? packageSide(row);
}
