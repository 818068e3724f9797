import type { RecordWarning } from '../migration-jobs.ts';
import type { LeftOut } from './package-selection.ts';

const WHY_LEFT_OUT: Record<LeftOut['why'], string> = {
  unreadable: 'was left out because you may not read it',
  unsupported: 'was left out because packages of this type cannot hold it',
  missing: 'is needed by the package but does not exist in the source; the target must have it',
  ruleWithoutObject: 'has a rule but is not in the source project (as a folder, where the rule is for a folder)',
};

/** Warnings named one by one before the rest is only counted. */
const NAMED_WARNINGS = 50;

/** What the record says about objects that stayed behind. */
export function warningsOf(leftOut: readonly LeftOut[]): RecordWarning[] {
  const warnings: RecordWarning[] = leftOut.slice(0, NAMED_WARNINGS).map((object) => ({
    message: `${labelOf(object)} ${WHY_LEFT_OUT[object.why]}.`,
    ...(object.why === 'ruleWithoutObject' ? {} : { bannedObjectCount: 1 }),
  }));
  const rest = leftOut.length - warnings.length;
  if (rest > 0) warnings.push({ message: `${rest} more objects were left out.`, bannedObjectCount: rest });
  return warnings;
}

/** An object that is not there has no name, and often no type either. */
function labelOf({ name, type, id }: LeftOut): string {
  const identity = type === null ? `id ${id}` : `type ${type}, id ${id}`;
  return name === '' ? `The object with ${identity}` : `Object '${name}' (${identity})`;
}
