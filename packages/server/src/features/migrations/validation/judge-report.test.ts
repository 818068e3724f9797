import { describe, expect, it } from 'vitest';
import { MESSAGES, type ValidationFile } from '@longshore/contracts';
import { wireDate } from '../../../platform/clock.ts';
import { judgeReport, PATIENCE_MS, SILENCE_MS, type Judgement, type ReportInput } from './judge-report.ts';
import type { StoredValidation } from './stored-validation.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const MINUTE = 60_000;
const SUBJECT = { storagePath: 'a path', environmentId: 'https://Prod/Library/', projectId: 'P' };

const asked: StoredValidation = {
  status: 'validating',
  progress: 0,
  creationDate: wireDate(NOW - MINUTE),
  lastUpdatedDate: wireDate(NOW - MINUTE),
  message: '',
};

interface Case {
  readonly file?: Partial<ValidationFile>;
  /** When the file was written, in milliseconds before now; by the clock of the target too, unless it says otherwise. */
  readonly ageMs?: number;
  readonly input?: Partial<ReportInput>;
}

function judge({ file = {}, ageMs = 0, input = {} }: Case): Judgement {
  const full: ValidationFile = {
    status: 'validated',
    progress: 100,
    message: '',
    lastUpdatedDate: wireDate(NOW - ageMs),
    run: 'R1',
    storagePath: 'a path',
    environmentId: 'https://Prod/Library/',
    projectId: 'P',
    ...file,
  };
  const report = { file: full, ageMs };
  return judgeReport({ validation: asked, subject: SUBJECT, report, mark: null, now: NOW, ...input });
}

describe('a report', () => {
  it.each<[string, Case]>([
    ['of another package file, as before an edit', { file: { storagePath: 'another path' } }],
    ['of another target', { file: { environmentId: 'https://test/Library' } }],
    ['of another target project', { file: { projectId: 'Q' } }],
    ['that was taken before', { input: { mark: { run: 'R1', lastUpdatedDate: wireDate(NOW) } } }],
    [
      'that is older than the result before it',
      { ageMs: MINUTE, input: { mark: { run: 'R0', lastUpdatedDate: wireDate(NOW) } } },
    ],
    ['that ended long before it was asked for', { ageMs: SILENCE_MS + 2 * MINUTE }],
    ['of a target that has been silent for long', { file: { status: 'validating' }, ageMs: SILENCE_MS + 1 }],
  ])('%s counts for nothing', (_, given) => {
    const { validation, taken } = judge(given);
    expect(validation).toBe(asked);
    expect(taken).toBeNull();
  });

  it.each<[string, Case]>([
    ['with the target spelled a little differently', { file: { environmentId: 'https://prod/Library' } }],
    ['that says less', { file: { environmentId: undefined, projectId: undefined, storagePath: undefined } }],
    ['that ended before it was asked for', { ageMs: 30 * MINUTE }],
    [
      'that is as old as the result before it, but of another run',
      { input: { mark: { run: 'R0', lastUpdatedDate: wireDate(NOW) } } },
    ],
  ])('%s counts', (_, given) => {
    const { validation, taken } = judge(given);
    expect(validation).toMatchObject({ status: 'validated', progress: 100, creationDate: asked.creationDate });
    expect(taken?.run).toBe('R1');
  });

  it('never takes the record back in time', () => {
    expect(judge({ ageMs: 30 * MINUTE }).validation.lastUpdatedDate).toBe(asked.creationDate);
    expect(judge({ ageMs: 1000 }).validation.lastUpdatedDate).toBe(wireDate(NOW - 1000));
  });

  it('shows how far the target is', () => {
    const { validation, taken } = judge({ file: { status: 'validating', progress: 30 } });
    expect([validation.status, validation.progress, taken]).toEqual(['validating', 30, null]);
    expect(judge({ file: { status: 'validating', progress: 30 }, input: { validation } }).validation).toBe(validation);
  });

  it.each([
    [5 * MINUTE, 'validated'],
    [-5 * MINUTE, 'validated'],
    [5 * MINUTE + 1, 'validation_failed'],
    [-5 * MINUTE - 1, 'validation_failed'],
  ])('from a clock that is %i ms ahead is %s, however old the file is', (ahead, status) => {
    for (const ageMs of [0, 20 * MINUTE]) {
      const { validation, taken } = judge({ ageMs, file: { lastUpdatedDate: wireDate(NOW - ageMs + ahead) } });
      expect(validation).toMatchObject({ status, message: status === 'validated' ? '' : MESSAGES.clockSkew });
      expect(taken?.run).toBe('R1');
    }
  });
});

describe('without a report', () => {
  const waited = (ms: number, run?: string): Judgement =>
    judgeReport({
      validation: { ...asked, creationDate: wireDate(NOW - ms), ...(run === undefined ? {} : { run }) },
      subject: SUBJECT,
      report: null,
      mark: null,
      now: NOW,
    });

  it('waits for a while, then says what is missing', () => {
    expect(waited(PATIENCE_MS).validation.status).toBe('validating');
    const late = waited(PATIENCE_MS + 1).validation;
    expect(late).toMatchObject({ status: 'validation_failed', lastUpdatedDate: wireDate(NOW) });
    expect(late.message).toContain('PUT');
    expect(waited(PATIENCE_MS + 1, 'R1').validation.message).toContain('stopped');
  });
});
