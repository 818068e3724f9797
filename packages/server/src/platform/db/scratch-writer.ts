import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { insertText, type InsertRows, type InsertTarget } from './insert-text.ts';

/**
 * Nobody else looks at the file until it is closed, and nobody needs it after a failure. A journal in memory has nothing of
 * pages that were not there before; as a file it could not be made beside a file that is unlinked.
 */
const PRAGMAS = 'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -1024; BEGIN EXCLUSIVE';

/** Fills the tables of a scratch database from another thread than the one that has it attached, which waits for its end. */
export class ScratchWriter {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(PRAGMAS);
  }

  readonly insert: InsertRows = async (into, rows) => {
    const statement = this.#statementOf(into);
    for (const row of rows) statement.run(...row);
  };

  close(): void {
    this.#db.exec('COMMIT');
    this.#db.close();
  }

  #statementOf(into: InsertTarget): StatementSync {
    const text = insertText(into, 1);
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.#db.prepare(text)));
    return statement;
  }
}
