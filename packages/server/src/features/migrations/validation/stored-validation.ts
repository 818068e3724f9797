import type { Migration } from '@longshore/contracts';
import type { ValidationStatus } from '@longshore/domain';

/** `validation` of a record, as the source keeps it: JSON text in the import's row. Dates are wire dates. */
export interface StoredValidation {
  readonly status: ValidationStatus;
  readonly progress: number;
  /** When it was asked for. */
  readonly creationDate: string;
  readonly lastUpdatedDate: string;
  readonly message: string;
  /** The run of the target that is followed; absent until its file was seen. */
  readonly run?: string;
}

export function parseValidation(text: string | null): StoredValidation | null {
  return text === null ? null : (JSON.parse(text) as StoredValidation);
}

/** A validation that has just been asked for. */
export function askedValidation(now: string): StoredValidation {
  return { status: 'validating', progress: 0, creationDate: now, lastUpdatedDate: now, message: '' };
}

/** As records show it: what only this environment needs to know is left out. */
export function toShownValidation(text: string): NonNullable<Migration['validation']> {
  const { status, progress, creationDate, lastUpdatedDate, message } = JSON.parse(text) as StoredValidation;
  return { status, progress, creationDate, lastUpdatedDate, message };
}
