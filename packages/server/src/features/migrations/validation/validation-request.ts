import type { ValidateMigrationBody } from '@longshore/contracts';
import { readKey, readStorage, requireNoContent, type PackageClaim } from '../import-request.ts';
import { readTargetProject } from '../package-target.ts';
import { requireOperation } from '../record-state.ts';
import { requireOwnPurpose } from '../require-own-purpose.ts';

/** A package to be validated, as the caller describes it: nothing of it decides what is rehearsed. */
export interface ValidationRequest extends PackageClaim {
  /** The target as the source names it; undefined when the body does not say. */
  readonly environmentId: string | undefined;
}

/**
 * Reads the body of PUT /api/migrations/{id}/validation (spec/api.md 2.7.7). The states that it names are not looked
 * at: the documented sample carries a locked package, which could not be validated.
 * @throws AppError `invalid` or `missing`, saying what of the body cannot be.
 */
export function readValidationRequest(pathId: string, body: ValidateMigrationBody): ValidationRequest {
  const key = readKey(pathId, body);
  const { packageInfo, importInfo } = body;
  const purpose = packageInfo.purpose ?? 'object_migration';
  requireOperation('validate', {
    packageStatus: 'created',
    importRequestStatus: 'pending',
    importStatus: 'pending',
    undoRequestStatus: 'pending',
    replicated: false,
    purpose,
    hasUndo: false,
  });
  requireOwnPurpose(purpose);
  if (purpose === 'project_merge') requireNoContent(packageInfo.tocView);
  return {
    key,
    type: packageInfo.type,
    purpose,
    ...readStorage(packageInfo.storage),
    targetProject: readTargetProject(importInfo?.project),
    tocView: packageInfo.tocView,
    environmentId: importInfo?.environment?.id || undefined,
  };
}
