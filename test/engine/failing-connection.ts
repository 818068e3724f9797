import { openConnection, type Connection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { guardedDialect, type Guard } from '../builders/guarded-dialect.ts';

export class InjectedFailure extends Error {}

export interface FailingConnection {
  connect(location: string): Promise<Connection<MetadataTables>>;
  /** Statements that were run so far. */
  count(): number;
}

/** A connection to the real database whose statement number `failAt` (from 0) fails instead of running. */
export function failingConnection(failAt: number): FailingConnection {
  let count = 0;
  const guard: Guard = ({ sql }) => {
    if (sql === 'rollback') return;
    count += 1;
    if (count - 1 === failAt) throw new InjectedFailure(sql);
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
