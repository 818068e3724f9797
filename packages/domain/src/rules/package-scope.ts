import { CONFIGURATION_SCOPE, scopeOf } from '../objects/ids.ts';
import type { PackageType } from './actions.ts';

/**
 * The scope in which the objects of a package live. Users and groups are configuration objects, also where only their
 * links with a project are meant.
 */
export function packageScope(type: PackageType, projectId: string | null): string {
  return type === 'project' ? scopeOf(projectId) : CONFIGURATION_SCOPE;
}
