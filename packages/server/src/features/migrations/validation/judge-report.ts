import { MESSAGES, type ValidationFile } from '@longshore/contracts';
import { wireDate } from '../../../platform/clock.ts';
import type { StoredValidation } from './stored-validation.ts';

const MINUTE = 60_000;
/** Clocks of source and target may differ by as much (spec/api.md 2.7.7). */
export const ALLOWED_DIFFERENCE_MS = 5 * MINUTE;
/** A target that has written nothing for so long is not at work on the validation any more. */
export const SILENCE_MS = 60 * MINUTE;
/** After so long without a sign of the target, nobody has called it. */
export const PATIENCE_MS = 15 * MINUTE;

/** A validation file, and how old it is by the clock of the store. */
export interface SeenReport {
  readonly file: ValidationFile;
  readonly ageMs: number;
}

/** What a result has to be about to count for a record. */
export interface ReportSubject {
  readonly storagePath: string | null;
  readonly environmentId: string | undefined;
  readonly projectId: string | undefined;
}

/** The newest result that was taken before. */
export interface ResultMark {
  readonly run: string;
  readonly lastUpdatedDate: string;
}

export interface ReportInput {
  /** In `validating`. */
  readonly validation: StoredValidation;
  readonly subject: ReportSubject;
  readonly report: SeenReport | null;
  readonly mark: ResultMark | null;
  /** Milliseconds, by the clock of the source. */
  readonly now: number;
}

export interface Judgement {
  /** The very object that was given when there is nothing new. */
  readonly validation: StoredValidation;
  /** The result that was taken now, if one was. */
  readonly taken: ResultMark | null;
}

/** What the source makes of the target's status file (spec/api.md 3.5). */
export function judgeReport(input: ReportInput): Judgement {
  const { validation, report, now } = input;
  if (report === null || !countsFor(report, input)) return { validation: withoutReport(input), taken: null };
  const { file } = report;
  const run = runOf(file);
  const mark = { run, lastUpdatedDate: file.lastUpdatedDate };
  if (validation.run !== run && clockDifference(report, now) > ALLOWED_DIFFERENCE_MS) {
    return { validation: failed(input, MESSAGES.clockSkew), taken: mark };
  }
  const { status, progress, message } = file;
  if (status === 'validating') return { validation: followed(validation, { run, progress, file }), taken: null };
  const lastUpdatedDate = laterOf(file.lastUpdatedDate, validation.creationDate);
  const ended = { ...validation, status, message, lastUpdatedDate, run };
  return { validation: { ...ended, progress: status === 'validated' ? 100 : progress }, taken: mark };
}

/** A file without a name for its run is known by its date, so that each change of it counts as another run. */
function runOf(file: ValidationFile): string {
  return file.run ?? file.lastUpdatedDate;
}

function countsFor({ file, ageMs }: SeenReport, { validation, subject, mark, now }: ReportInput): boolean {
  if (file.storagePath !== undefined && file.storagePath !== subject.storagePath) return false;
  if (!isSame(file.environmentId, subject.environmentId) || !isSame(file.projectId, subject.projectId)) return false;
  if (mark && (mark.run === runOf(file) || file.lastUpdatedDate < mark.lastUpdatedDate)) return false;
  if (file.status === 'validating') return ageMs <= SILENCE_MS;
  // The target may have ended before the source was told, but not long before.
  return ageMs <= now - millisecondsOf(validation.creationDate) + SILENCE_MS;
}

const plain = (id: string): string => id.toLowerCase().replace(/\/$/, '');

/** Compared only where both sides say something; environments as spec/api.md 1.11 compares them, more or less. */
function isSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || plain(a) === plain(b);
}

/** Milliseconds between the clock of the target, as it would be now, and the clock of the source. */
function clockDifference({ file, ageMs }: SeenReport, now: number): number {
  return Math.abs(millisecondsOf(file.lastUpdatedDate) + ageMs - now);
}

function followed(
  validation: StoredValidation,
  { run, progress, file }: { run: string; progress: number; file: ValidationFile },
): StoredValidation {
  if (validation.run === run && validation.progress === progress) return validation;
  return { ...validation, run, progress, lastUpdatedDate: laterOf(file.lastUpdatedDate, validation.creationDate) };
}

function withoutReport(input: ReportInput): StoredValidation {
  const { validation, now } = input;
  if (now - millisecondsOf(validation.creationDate) <= PATIENCE_MS) return validation;
  return failed(
    input,
    validation.run === undefined
      ? 'The target has not begun to validate. Call PUT /api/migrations/{id}/validation there, then set validation.status to validating again.'
      : 'The target has stopped to report on the validation. See whether it is running, then validate again.',
  );
}

function failed({ validation, now }: ReportInput, message: string): StoredValidation {
  return { ...validation, status: 'validation_failed', message, lastUpdatedDate: wireDate(now) };
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);

const millisecondsOf = (wire: string): number => Date.parse(wire.replace('+0000', 'Z'));
