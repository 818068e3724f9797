import type { Migration } from '@longshore/client';
import type { Tone } from '../../../design/index.ts';
import { importSide, packageSide, type MigrationRow, type Row } from './migration-row.ts';

/** Every word by which a migration can stand in the table, in the order in which a filter offers them. */
export const STATUS_WORDS = [
  'waiting',
  'creating',
  'created',
  'validating',
  'pendingMigrate',
  'rejected',
  'approved',
  'migrating',
  'migrated',
  'pendingReverse',
  'reversing',
  'reversed',
  'failed',
  'uploaded',
] as const;
export type StatusWord = (typeof STATUS_WORDS)[number];

export interface RowStatus {
  readonly word: StatusWord;
  /** 0 to 100 while work is going on, else null. */
  readonly progress: number | null;
  /** What the server says of a failure; empty otherwise. */
  readonly message: string;
  /** Which of the three kinds of work has failed, or goes on. */
  readonly phase: 'create' | 'validate' | 'import' | 'undo' | null;
}

const at = (word: StatusWord): RowStatus => ({ word, progress: null, message: '', phase: null });

/**
 * The one status of a row: the first rule of spec/semantics.md 7 that matches. Package, request and validation are read
 * from the source, import and undo from the target, because only there are they true.
 */
export function statusOf(row: Row): RowStatus {
  if (row.kind === 'file') return at('uploaded');
  const { record: made } = packageSide(row);
  const { record: moved } = importSide(row);
  return ofValidation(made) ?? ofPackage(made) ?? ofWork(moved) ?? ofRest(row, made, moved);
}

function ofValidation({ validation }: Migration): RowStatus | null {
  if (validation?.status !== 'validating') return null;
  return { word: 'validating', progress: validation.progress, message: '', phase: 'validate' };
}

function ofPackage({ packageInfo }: Migration): RowStatus | null {
  const { status, progress, message = '' } = packageInfo;
  if (status === 'creating') return { word: 'creating', progress, message: '', phase: 'create' };
  if (status === 'create_failed') return { word: 'failed', progress: null, message, phase: 'create' };
  return null;
}

function ofWork({ importInfo }: Migration): RowStatus | null {
  const { status, progress, message = '' } = importInfo;
  if (status === 'importing') return { word: 'migrating', progress, message: '', phase: 'import' };
  if (status === 'import_failed') return { word: 'failed', progress: null, message, phase: 'import' };
  if (status === 'undoing') return { word: 'reversing', progress, message: '', phase: 'undo' };
  if (status === 'undo_failed') return { word: 'failed', progress: null, message, phase: 'undo' };
  return null;
}

function ofRest(row: MigrationRow, made: Migration, moved: Migration): RowStatus {
  const { importInfo } = moved;
  if (importInfo.status === 'undo_success') return at('reversed');
  if (importInfo.undoRequestStatus === 'requested') return at('pendingReverse');
  if (importInfo.status === 'imported') return at('migrated');
  const request = made.importInfo.importRequestStatus;
  if (request === 'requested') return at('pendingMigrate');
  if (request === 'rejected') return at('rejected');
  // Approved and not imported, as far as is known: the target may not be connected.
  if (request === 'approved' && row.source) return at('approved');
  return at(made.packageInfo.status === 'empty' ? 'waiting' : 'created');
}

/** True while a server is at work, so that the row is worth reading again soon. */
export const isRunning = (status: RowStatus): boolean => status.progress !== null;

export const STATUS_TONES: Readonly<Record<StatusWord, Tone>> = {
  waiting: 'neutral',
  creating: 'run',
  created: 'neutral',
  validating: 'run',
  pendingMigrate: 'warn',
  rejected: 'bad',
  approved: 'info',
  migrating: 'run',
  migrated: 'good',
  pendingReverse: 'warn',
  reversing: 'run',
  reversed: 'neutral',
  failed: 'bad',
  uploaded: 'info',
};
