import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { loadRevisions } from '../objects/scope-revisions.repository.ts';
import type { ScopeRevisions } from './plan-job.ts';

/**
 * The revisions that a plan for a scope depends on: those of the scope itself, of the project that it is about, and of
 * the configuration, in which users and data sources are.
 */
export async function loadPlanRevisions(
  db: Executor<MetadataTables>,
  scopes: readonly (string | null)[],
): Promise<ScopeRevisions> {
  const wanted = [...new Set([CONFIGURATION_SCOPE, ...scopes.filter((scope) => scope !== null)])].toSorted();
  return Object.fromEntries(await loadRevisions(db, wanted));
}

export function isSameRevision(a: ScopeRevisions, b: ScopeRevisions): boolean {
  return Object.keys(a).every((scope) => a[scope] === b[scope]);
}
