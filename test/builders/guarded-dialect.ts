import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely';

/** Runs before a query; what it throws takes the place of the query. */
export type Guard = (query: CompiledQuery, connection: DatabaseConnection) => Promise<void> | void;

type QueryOptions = Parameters<DatabaseConnection['executeQuery']>[1];

/** Sees what a query has given. */
export type Watch = (query: CompiledQuery, result: QueryResult<unknown>) => void;

/** A dialect that shows each query to a guard before it is run, and its result to whoever watches. */
export function guardedDialect(dialect: Dialect, guard: Guard, watch: Watch = () => undefined): Dialect {
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
        connection.executeQuery = async <R>(query: CompiledQuery, options?: QueryOptions) => {
          await guard(query, plain);
          const result = await execute<R>(query, options);
          watch(query, result);
          return result;
        };
        return connection;
      };
      return driver;
    },
  };
}
