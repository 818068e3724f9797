import { DatabaseSync } from 'node:sqlite';
import { loadLines } from '../floors/lines.ts';

interface Column {
  readonly name: string;
}

/**
 * Writes the objects of a file in the load format into the tables that the peer has made for its content type: through
 * its own API a hundred thousand would take ten minutes, and filling is not what is measured.
 */
export async function fillPeer(database: string, file: string): Promise<number> {
  const db = new DatabaseSync(database);
  const insert = db.prepare(
    `INSERT INTO things (document_id, uid, name, definition, created_at, updated_at, published_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const link = db.prepare(`INSERT OR IGNORE INTO ${linkTable(db)} VALUES (NULL, ?, ?, ?)`);
  const rows = new Map<string, number>();
  const now = Date.now();
  db.exec('BEGIN');
  for await (const { object, definition } of loadLines(file)) {
    const documentId = object.id.toLowerCase().slice(-24);
    const { lastInsertRowid } = insert.run(documentId, object.id, object.name, definition, now, now, now);
    rows.set(object.id, Number(lastInsertRowid));
    for (const [index, [used]] of object.references.entries()) {
      const target = rows.get(used);
      if (target !== undefined) link.run(Number(lastInsertRowid), target, index + 1);
    }
  }
  db.exec('COMMIT');
  db.close();
  return rows.size;
}

/** The peer names the table by its own rules; it has an id, both sides, and the place among the others. */
function linkTable(db: DatabaseSync): string {
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'things_depends%'`)
    .all();
  const name = String(tables[0]?.['name']);
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(name) as unknown as Column[];
  if (columns.length < 4)
    throw new Error(`The link table ${name} has the columns ${columns.map((c) => c.name).join()}.`);
  return columns.length === 4
    ? name
    : `${name} (id, ${columns
        .slice(1, 4)
        .map((c) => c.name)
        .join(', ')})`;
}

export function countThings(database: string): number {
  const db = new DatabaseSync(database);
  const row = db.prepare('SELECT count(*) AS n FROM things').get();
  db.close();
  return Number(row?.['n']);
}
