import type { CompiledQuery, DatabaseConnection, Dialect } from 'kysely';

/** Runs before a query; what it throws takes the place of the query. */
export type Guard = (query: CompiledQuery, connection: DatabaseConnection) => Promise<void> | void;

/** A dialect that shows each query to a guard before it is run. */
export function guardedDialect(dialect: Dialect, guard: Guard): Dialect {
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
        const plain = { executeQuery: execute } as DatabaseConnection;
        connection.executeQuery = async (query: CompiledQuery, ...rest) => {
          await guard(query, plain);
          return execute(query, ...rest);
        };
        return connection;
      };
      return driver;
    },
  };
}
