import { AppError, type Ref } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { toRef } from './migration-mapper.ts';

/**
 * Reads a target project, by default that of `importInfo.project`: null when there is none.
 * @throws AppError `invalid` when its id is not 32 hex digits.
 */
export function readTargetProject(
  input: { id?: string | null; name?: string | null } | null | undefined,
  field = 'importInfo.project',
): Ref | null {
  const ref = toRef(input);
  if (ref.id === undefined) return null;
  const id = parseObjectId(ref.id);
  if (id === undefined) throw new AppError('invalid', `${field}.id '${ref.id}' is not 32 hex digits.`);
  return { ...ref, id };
}
