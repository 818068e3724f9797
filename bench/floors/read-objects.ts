import type { DatabaseSync } from 'node:sqlite';
import type { AclRow, FloorObject, Reference } from './schema.ts';

type ObjectRow = Omit<FloorObject, 'references' | 'acl'> & { readonly definition: string };

/** All objects in the order of their ids: three scans side by side, each table read once. */
export function* readObjects(db: DatabaseSync): Generator<{ object: FloorObject; definition: string }> {
  const referencesOf = grouped(db, 'SELECT user AS owner, used, type FROM reference ORDER BY user, used', (row) => [
    row['used'],
    row['type'],
  ]);
  const aclOf = grouped(
    db,
    'SELECT object AS owner, trustee, rights, deny, inheritable FROM acl ORDER BY object',
    (row) => [row['trustee'], row['rights'], row['deny'], row['inheritable']],
  );
  for (const row of db.prepare('SELECT * FROM object ORDER BY id').iterate()) {
    const { definition, ...scalars } = row as unknown as ObjectRow;
    const references = referencesOf(scalars.id) as unknown as Reference[];
    yield { object: { ...scalars, references, acl: aclOf(scalars.id) as unknown as AclRow[] }, definition };
  }
}

/** Rows of a query that is ordered by `owner`, asked for owner by owner in the same order. */
function grouped(
  db: DatabaseSync,
  query: string,
  toRow: (row: Record<string, unknown>) => unknown[],
): (owner: string) => unknown[][] {
  const rows = db.prepare(query).iterate();
  let next = rows.next();
  return (owner) => {
    const found: unknown[][] = [];
    while (next.done !== true && (next.value['owner'] as string) <= owner) {
      if (next.value['owner'] === owner) found.push(toRow(next.value));
      next = rows.next();
    }
    return found;
  };
}
