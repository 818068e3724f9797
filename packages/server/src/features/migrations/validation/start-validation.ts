import { AppError, type UpdateMigrationBody } from '@longshore/contracts';
import { requirePrivileges, type Caller } from '../../../platform/http/access.ts';
import { IMPORT_PRIVILEGES } from '../migration-caller.ts';
import type { ImportRecord, MigrationRecord } from '../migration-records.ts';
import { requireOperation, stateOf } from '../record-state.ts';
import { askedValidation, parseValidation } from './stored-validation.ts';

export interface ValidationInput {
  readonly body: UpdateMigrationBody;
  readonly caller: Caller;
  /** The import as it was before the other fields of the body were applied. */
  readonly before: ImportRecord;
}

/**
 * The record after a PATCH of `validation.status` on the source (spec/api.md 3.5). A status that the record has, or
 * had when the client read it, asks for nothing: clients send whole records back.
 * @throws AppError `invalid`, `missingPrivilege`
 */
export function startValidation(record: MigrationRecord, input: ValidationInput, now: string): MigrationRecord {
  const asked = input.body.validation?.status;
  if (!asked || asked === parseValidation(record.import.validation)?.status) return record;
  if (asked !== 'validating') {
    if (asked === parseValidation(input.before.validation)?.status) return record;
    throw new AppError(
      'invalid',
      `validation.status '${asked}' cannot be set: it can only become 'validating', and the target tells how that ends.`,
    );
  }
  requirePrivileges(input.caller, IMPORT_PRIVILEGES, record.package.project?.id ?? null);
  requireOperation('validate', stateOf(record));
  return { ...record, import: { ...record.import, validation: JSON.stringify(askedValidation(now)) } };
}
