import type { CompiledQuery, DatabaseConnection, Dialect } from 'kysely';
import { openConnection, type Connection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';

export class InjectedFailure extends Error {}

export interface FailingConnection {
  connect(location: string): Promise<Connection<MetadataTables>>;
  /** Statements that were run so far. */
  count(): number;
}

/** A connection to the real database whose statement number `failAt` (from 0) fails instead of running. */
export function failingConnection(failAt: number): FailingConnection {
  let count = 0;
  const guard = (text: string): void => {
    if (text === 'rollback') return;
    count += 1;
    if (count - 1 === failAt) throw new InjectedFailure(text);
  };
  return {
    count: () => count,
    connect: (location) =>
      openConnection(location, {
        mode: 'writer',
        busyTimeout: 1000,
        throughDialect: (dialect) => guardedDialect(dialect, guard),
      }),
  };
}

function guardedDialect(dialect: Dialect, guard: (text: string) => void): Dialect {
  const guarded = new WeakSet<DatabaseConnection>();
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver() {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (options) => {
        const connection = await acquire(options);
        if (guarded.has(connection)) return connection;
        guarded.add(connection);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = (query: CompiledQuery, ...rest) => {
          guard(query.sql);
          return execute(query, ...rest);
        };
        return connection;
      };
      return driver;
    },
  };
}
