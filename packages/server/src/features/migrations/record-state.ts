import { AppError, wrongState } from '@longshore/contracts';
import { checkOperation, type Operation, type RecordState, type Refusal } from '@longshore/domain';
import type { MigrationRecord } from './migration-records.ts';
import { parseValidation } from './validation/stored-validation.ts';

/** The record as the permission matrix looks at it. */
export function stateOf(record: MigrationRecord): RecordState {
  const validation = parseValidation(record.import.validation);
  return {
    packageStatus: record.package.status,
    importRequestStatus: record.import.importRequestStatus,
    importStatus: record.import.status,
    undoRequestStatus: record.import.undoRequestStatus,
    replicated: record.package.replicated,
    purpose: record.package.purpose,
    hasUndo: record.import.undoPath !== null,
    ...(validation === null ? {} : { validationStatus: validation.status }),
  };
}

/** The refusal in the sentence that clients know, with more where that does not explain itself. */
export function stateRefusal(refusal: Refusal): AppError {
  const sentence = wrongState(refusal.field, refusal.value);
  return refusal.why === undefined ? sentence : new AppError('invalid', `${sentence.message} ${refusal.why}`);
}

/** @throws AppError `invalid` when the state does not allow the operation. */
export function requireOperation(operation: Operation, state: RecordState): void {
  const refusal = checkOperation(operation, state);
  if (refusal) throw stateRefusal(refusal);
}
