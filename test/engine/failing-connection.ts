import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely';
import type { Connection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { kyselyDatabase, openSqlite } from '../../packages/server/src/platform/db/node-sqlite.ts';

export class InjectedFailure extends Error {}

export interface FailingConnection {
  connect(file: string): Connection<MetadataTables>;
  /** Statements that were run so far. */
  count(): number;
}

/** A connection to the real database whose statement number `failAt` (from 0) fails instead of running. */
export function failingConnection(failAt: number): FailingConnection {
  let count = 0;
  const guard = (sql: string): void => {
    if (sql === 'rollback') return;
    count += 1;
    if (count - 1 === failAt) throw new InjectedFailure(sql);
  };
  return {
    count: () => count,
    connect(file) {
      const real = kyselyDatabase(openSqlite(file, { mode: 'writer', busyTimeout: 1000 }), 'writer');
      const database: SqliteDatabase = {
        close: () => real.close(),
        prepare(sql) {
          const statement = real.prepare(sql);
          return {
            reader: statement.reader,
            all: (parameters) => (guard(sql), statement.all(parameters)),
            run: (parameters) => (guard(sql), statement.run(parameters)),
            iterate: (parameters) => statement.iterate(parameters),
          };
        },
      };
      const db = new Kysely<MetadataTables>({ dialect: new SqliteDialect({ database }) });
      return {
        executor: db,
        transaction: (work) => db.transaction().execute(work),
        close: () => db.destroy(),
      };
    },
  };
}
