import { AppError } from '@longshore/contracts';
import type { PackageType } from '@longshore/domain';

/** A member as the rules of groups look at it. */
export interface RuledMember {
  readonly type: PackageType;
  /** Source project; null for a configuration package. */
  readonly projectId: string | null;
}

/**
 * How many packages a group may have, before any of them is looked at.
 * @throws AppError `invalid`
 */
export function requireGroupSize(count: number, max: number): void {
  if (count === 0) throw new AppError('missing', 'The field migrations is required and must not be empty.');
  if (count <= max) return;
  throw new AppError('invalid', `migrations has ${count} packages, but a group can have at most ${max}.`);
}

/**
 * At most one package per project, and the configuration package first: project packages may need what it brings
 * (spec/api.md 2.8).
 * @throws AppError `invalid` with the path of the field
 */
export function requireGroupRules(members: readonly RuledMember[]): void {
  const first = new Map<string, number>();
  for (const [index, { type, projectId }] of members.entries()) {
    if (type === 'configuration' && index > 0) {
      throw new AppError(
        'invalid',
        `migrations[${index}].packageInfo.type is 'configuration', but only the first package of a group may be: ` +
          'put the configuration package first, and have no more than one.',
      );
    }
    if (projectId === null) continue;
    const earlier = first.get(projectId);
    if (earlier !== undefined) {
      throw new AppError(
        'invalid',
        `migrations[${index}].packageInfo.project.id is ${projectId}, which migrations[${earlier}] has already. ` +
          'A group can have one package per project; put the objects into that one.',
      );
    }
    first.set(projectId, index);
  }
}
