import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { createZstdDecompress } from 'node:zlib';
import { lines } from './lines.ts';
import {
  createFloor,
  inserter,
  openFloor,
  rowInserter,
  type FloorEnd,
  type FloorObject,
  type FloorTask,
} from './schema.ts';

/** Floor of an import: unpack, hash, parse the header of each object, one prepared insert a row, one transaction. */
export async function unpack({ input, output, tuning }: FloorTask): Promise<FloorEnd> {
  const db = createFloor(output, tuning);
  return writeAll(db, input, inserter(db));
}

/** Floor of an import over other versions of the same objects: look up, keep what was there, write anew. */
export async function unpackOver({ input, output, tuning }: FloorTask): Promise<FloorEnd> {
  const db = openFloor(output, tuning);
  const keep = db.prepare('INSERT OR REPLACE INTO undo SELECT * FROM object WHERE id = ?');
  const upsert = db.prepare(
    `INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
       type = excluded.type, subtype = excluded.subtype, name = excluded.name, description = excluded.description,
       parent = excluded.parent, owner = excluded.owner, version = excluded.version, created = excluded.created,
       modified = excluded.modified, definition = excluded.definition`,
  );
  const dropReferences = db.prepare('DELETE FROM reference WHERE user = ?');
  const dropAcl = db.prepare('DELETE FROM acl WHERE object = ?');
  const rows = rowInserter(db);
  return writeAll(db, input, (o, definition) => {
    keep.run(o.id);
    upsert.run(
      o.id,
      o.type,
      o.subtype,
      o.name,
      o.description,
      o.parent,
      o.owner,
      o.version,
      o.created,
      o.modified,
      definition,
    );
    dropReferences.run(o.id);
    dropAcl.run(o.id);
    rows(o);
  });
}

async function writeAll(
  db: DatabaseSync,
  file: string,
  write: (object: FloorObject, definition: string) => void,
): Promise<FloorEnd> {
  const hash = createHash('sha256');
  const input = createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(
    createZstdDecompress({ chunkSize: 1024 * 1024 }),
  );
  let header: string | undefined;
  let objects = 0;
  db.exec('BEGIN IMMEDIATE');
  for await (const line of lines(input, (bytes) => hash.update(bytes))) {
    if (header === undefined) {
      header = line;
      continue;
    }
    write(JSON.parse(header) as FloorObject, line);
    header = undefined;
    objects += 1;
  }
  hash.digest('hex');
  db.exec('COMMIT');
  return { objects, db };
}
