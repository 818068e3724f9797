import { MESSAGES, parseValidationFile } from '@longshore/contracts';
import { wireDate } from '../../../platform/clock.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { validationPath } from '../../../platform/files/store-path.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { MigrationRecord } from '../migration-records.ts';
import { migrationRepository } from '../migrations.repository.ts';
import { readStatusFile } from '../status-files/status-files.ts';
import { judgeReport, type Judgement, type SeenReport } from './judge-report.ts';
import { parseValidation, type StoredValidation } from './stored-validation.ts';
import { validationRepository } from './validation.repository.ts';

export interface RefreshDeps {
  readonly platform: Platform;
  readonly files: FileStore;
}

/**
 * Brings the validation of a record up to date from the target's status file (spec/api.md 2.7.2 and 3.5). Only a
 * running one is looked at. A store that cannot be read changes nothing: the record stays readable.
 */
export async function refreshValidation(deps: RefreshDeps, record: MigrationRecord): Promise<MigrationRecord> {
  const before = record.import.validation;
  const validation = parseValidation(before);
  if (before === null || validation?.status !== 'validating') return record;
  const judgement = await judge(deps, record, validation);
  if (judgement === null || judgement.validation === validation) return record;
  return save(deps, record, { before, judgement });
}

async function judge(
  deps: RefreshDeps,
  record: MigrationRecord,
  validation: StoredValidation,
): Promise<Judgement | null> {
  const { platform } = deps;
  const now = platform.clock.now();
  const report = await readReport(deps, record);
  if (report === 'unavailable') return null;
  if (report === 'damaged') {
    const message = MESSAGES.sharedFileUnreadable;
    const ended = { ...validation, status: 'validation_failed' as const, message, lastUpdatedDate: wireDate(now) };
    return { validation: ended, taken: null };
  }
  const mark = await validationRepository(platform.library.reader).findMark(record.import.id);
  const subject = {
    storagePath: record.package.storagePath,
    environmentId: record.import.environment.id,
    projectId: record.package.type === 'configuration' ? undefined : record.import.project?.id,
  };
  return judgeReport({ validation, subject, report, mark, now });
}

async function readReport(
  { platform, files }: RefreshDeps,
  record: MigrationRecord,
): Promise<SeenReport | 'unavailable' | 'damaged' | null> {
  const path = validationPath(record.package.id, record.import.id);
  try {
    const text = await readStatusFile(files, path);
    const ageMs = text === null ? null : await files.age(path);
    if (text === null || ageMs === null) return null;
    const file = parseValidationFile(text);
    return file ? { file, ageMs } : 'damaged';
  } catch (error) {
    platform.log.warn({ err: error, path }, 'The status file of a validation cannot be read');
    return 'unavailable';
  }
}

/** Whoever has changed the validation meanwhile was right; the record is then read again. */
async function save(
  { platform }: RefreshDeps,
  record: MigrationRecord,
  { before, judgement }: { before: string; judgement: Judgement },
): Promise<MigrationRecord> {
  const key = { packageId: record.package.id, importId: record.import.id };
  const after = JSON.stringify(judgement.validation);
  return platform.library.write(async (tx) => {
    const validations = validationRepository(tx);
    if (!(await validations.replaceValidation(key.importId, before, after))) {
      return (await migrationRepository(tx).findMigration(key)) ?? record;
    }
    if (judgement.taken) await validations.saveMark(key.importId, judgement.taken);
    return { ...record, import: { ...record.import, validation: after } };
  });
}
