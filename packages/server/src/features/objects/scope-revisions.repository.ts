import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

/** Moves with every committed write to the scope (`bumpRevision`); 0 while nothing has been written to it. */
export async function loadRevision(db: Executor<MetadataTables>, scope: string): Promise<number> {
  const row = await db.selectFrom('scope_revision').select('revision').where('scope', '=', scope).executeTakeFirst();
  return row?.revision ?? 0;
}

/** The revisions of several scopes, each of which is in the answer, read at once. */
export async function loadRevisions(
  db: Executor<MetadataTables>,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('scope_revision').selectAll().where('scope', 'in', scopes).execute();
  const known = new Map(rows.map((row) => [row.scope, row.revision]));
  return new Map(scopes.map((scope) => [scope, known.get(scope) ?? 0]));
}
