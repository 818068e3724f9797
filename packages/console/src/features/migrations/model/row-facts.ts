import type { Certification } from '@longshore/client';
import { importSide, packageSide, type MigrationRow, type Row } from './migration-row.ts';
import { statusOf, type RowStatus } from './migration-status.ts';

/** The kinds of packages as people know them. */
export const KIND_WORDS = ['object', 'administration', 'merge', 'security'] as const;
export type KindWord = (typeof KIND_WORDS)[number];

/** A row as the table shows, filters and sorts it. Dates are wire dates, sizes bytes; what is not known is empty. */
export interface RowFacts {
  readonly row: Row;
  readonly id: string;
  readonly name: string;
  readonly status: RowStatus;
  readonly kind: KindWord;
  readonly source: string;
  readonly target: string;
  readonly project: string;
  readonly owner: string;
  readonly created: string;
  readonly updated: string;
  readonly size: number | undefined;
  readonly certification: Certification['status'] | null;
}

export const factsOf = (row: Row): RowFacts => (row.kind === 'file' ? fileFacts(row) : migrationFacts(row));

function fileFacts(row: Extract<Row, { kind: 'file' }>): RowFacts {
  const { file, environment } = row;
  return {
    row,
    id: file.id,
    name: file.name ?? '',
    status: statusOf(row),
    kind: kindOf(file.extraInfo.packageType, file.extraInfo.packagePurpose),
    source: '',
    target: environment.name,
    project: '',
    owner: file.creator.name ?? '',
    created: file.creationDate,
    updated: file.lastUpdatedDate,
    size: file.size,
    certification: null,
  };
}

function migrationFacts(row: MigrationRow): RowFacts {
  const { packageInfo } = packageSide(row).record;
  return {
    row,
    id: row.id,
    name: packageInfo.name ?? '',
    status: statusOf(row),
    kind: kindOf(packageInfo.type, packageInfo.purpose),
    ...placesOf(row),
    owner: packageInfo.creator?.name ?? '',
    created: packageInfo.creationDate ?? '',
    updated: lastChange(row),
    size: packageInfo.storage?.size,
    certification: packageInfo.certification?.status ?? null,
  };
}

/** Environments are named as the console names them where they are connected, else as the record does. */
function placesOf(row: MigrationRow): Pick<RowFacts, 'source' | 'target' | 'project'> {
  const { packageInfo, importInfo } = packageSide(row).record;
  const isFromFile = packageInfo.purpose === 'migration_from_shared_file_store';
  return {
    source: row.source?.environment.name ?? (isFromFile ? '' : (packageInfo.environment?.name ?? '')),
    target: row.target?.environment.name ?? importInfo.environment?.name ?? '',
    project: packageInfo.project?.name ?? importInfo.project?.name ?? '',
  };
}

/** The later of the two records' changes; wire dates sort as texts. */
function lastChange(row: MigrationRow): string {
  const { packageInfo } = packageSide(row).record;
  const { importInfo } = importSide(row).record;
  const dates = [packageInfo.lastUpdatedDate ?? '', importInfo.lastUpdatedDate ?? ''];
  return dates.reduce((latest, date) => (date > latest ? date : latest), '');
}

function kindOf(type: string | undefined, purpose: string | undefined): KindWord {
  if (purpose === 'project_merge') return 'merge';
  if (type === 'configuration') return 'administration';
  return type === 'project_security' ? 'security' : 'object';
}
