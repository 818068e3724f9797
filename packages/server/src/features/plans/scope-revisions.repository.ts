import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { ScopeRevisions } from './plan-job.ts';

/**
 * The revisions that a plan for a scope depends on: those of the scope itself, of the project that it is about, and of
 * the configuration, in which users and data sources are.
 */
export async function loadRevisions(
  db: Executor<MetadataTables>,
  scopes: readonly (string | null)[],
): Promise<ScopeRevisions> {
  const wanted = [...new Set([CONFIGURATION_SCOPE, ...scopes.filter((scope) => scope !== null)])].toSorted();
  const rows = await db.selectFrom('scope_revision').selectAll().where('scope', 'in', wanted).execute();
  const known = new Map(rows.map((row) => [row.scope, row.revision]));
  return Object.fromEntries(wanted.map((scope) => [scope, known.get(scope) ?? 0]));
}

export function isSameRevision(a: ScopeRevisions, b: ScopeRevisions): boolean {
  return Object.keys(a).every((scope) => a[scope] === b[scope]);
}
