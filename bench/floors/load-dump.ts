import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadLines } from './lines.ts';
import { readObjects } from './read-objects.ts';
import { createFloor, inserter, openFloor, type FloorEnd, type FloorTask } from './schema.ts';

/** Floor of a bulk load: read lines, parse, one prepared insert a row, one transaction. */
export async function load({ input, output, tuning }: FloorTask): Promise<FloorEnd> {
  const db = createFloor(output, tuning);
  const insert = inserter(db);
  let objects = 0;
  db.exec('BEGIN IMMEDIATE');
  for await (const { object, definition } of loadLines(input)) {
    insert(object, definition);
    objects += 1;
  }
  db.exec('COMMIT');
  return { objects, db };
}

const BATCH_CHARACTERS = 256 * 1024;

/** Floor of a dump: read every row and write a line for each object. */
export async function dump({ input, output, tuning }: FloorTask): Promise<FloorEnd> {
  const db = openFloor(input, tuning);
  let objects = 0;
  function* batches(): Generator<string> {
    let text = '';
    for (const { object, definition } of readObjects(db)) {
      text += `${JSON.stringify(object).slice(0, -1)},"definition":${definition}}\n`;
      objects += 1;
      if (text.length < BATCH_CHARACTERS) continue;
      yield text;
      text = '';
    }
    yield text;
  }
  await pipeline(Readable.from(batches(), { objectMode: false }), createWriteStream(output));
  return { objects, db };
}
