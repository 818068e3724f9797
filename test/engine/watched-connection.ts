import { openConnection, type Connection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { guardedDialect } from '../builders/guarded-dialect.ts';

/** What one query has given. */
export interface Answer {
  readonly sql: string;
  readonly rows: number;
  /** Characters of all texts in the rows. */
  readonly characters: number;
}

export interface WatchedConnection {
  readonly connect: (location: string) => Promise<Connection<MetadataTables>>;
  readonly answers: readonly Answer[];
}

/** A connection to the real database that notes how much each query brings into memory. */
export function watchedConnection(): WatchedConnection {
  const answers: Answer[] = [];
  return {
    answers,
    connect: (location) =>
      openConnection(location, {
        mode: 'writer',
        busyTimeout: 1000,
        throughDialect: (dialect) =>
          guardedDialect(
            dialect,
            () => undefined,
            ({ sql }, { rows }) => void answers.push({ sql, rows: rows.length, characters: charactersOf(rows) }),
          ),
      }),
  };
}

function charactersOf(rows: readonly unknown[]): number {
  let characters = 0;
  for (const row of rows) {
    for (const cell of Object.values(row as object)) if (typeof cell === 'string') characters += cell.length;
  }
  return characters;
}
