import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';

/** Characters of one write to the server: large enough to cost little a row, small enough to hold beside the rows. */
const CHARACTERS_AT_ONCE = 65_536;

/**
 * Sends rows with a statement `COPY … FROM STDIN`. They are all taken or none, like those of an INSERT.
 * @throws what the server says, with its code; the connection can be used again then
 */
export async function copyRows(client: PoolClient, statement: string, rows: readonly (readonly unknown[])[]) {
  const sink = client.query(from(statement));
  // A connection that breaks tells it twice: to who waits below, and once more when the stream is given up.
  sink.on('error', () => undefined);
  await pipeline(Readable.from(encoded(rows)), sink);
  return { command: 'COPY' as const, rowCount: rows.length, rows: [] };
}

/** The rows in the text format of COPY: a line each, tabs between the cells. */
function* encoded(rows: readonly (readonly unknown[])[]): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${row.map(cellText).join('\t')}\n`;
    if (text.length < CHARACTERS_AT_ONCE) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

const SPECIAL = /[\\\n\r\t]/;
const EACH_SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '\\N';
  if (typeof cell === 'string') return SPECIAL.test(cell) ? escaped(cell) : cell;
  if (typeof cell === 'number') return String(cell);
  if (cell instanceof Uint8Array) return `\\\\x${Buffer.from(cell).toString('hex')}`;
  throw new TypeError(`A row to be copied has a ${typeof cell} in it.`);
}

const escaped = (cell: string): string => cell.replaceAll(EACH_SPECIAL, (character) => ESCAPES[character] ?? '');
