import { sql } from 'kysely';
import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { Executor, SnapshotReader } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { idList } from './objects.repository.ts';

/** An object that uses one of those that were asked about. */
export interface UserOfObject extends ObjectTable {
  readonly used_id: string;
}

/** `uses`: from an object to what it needs. `used-by`: from an object to what needs it. */
export type Direction = 'uses' | 'used-by';

/** Reads the edges "A uses B". */
export function dependencies(db: Executor<MetadataTables>) {
  return {
    /**
     * Objects, other than the given ones, that use one of the given objects of a scope. A reference out of a project
     * means the project's own object with this id, if there is one, and else the configuration's.
     */
    async listUsers(scope: string, ids: readonly string[], limit: number): Promise<UserOfObject[]> {
      const { rows } = await sql<UserOfObject>`
        SELECT o.*, r.to_id AS used_id
        FROM object_reference r JOIN object o ON o.scope = r.scope AND o.id = r.from_id
        WHERE r.to_id IN ${idList(ids)} AND (r.scope IN (${scope}, ${CONFIGURATION_SCOPE})
          OR (${scope} = ${CONFIGURATION_SCOPE}
            AND NOT EXISTS (SELECT 1 FROM object own WHERE own.scope = r.scope AND own.id = r.to_id)))
          AND NOT (o.scope = ${scope} AND o.id IN ${idList(ids)})
        ORDER BY o.name, o.id LIMIT ${limit}`.execute(db);
      return rows;
    },

    /**
     * One step along the edges from the given objects, without themselves. References inside a project and those of
     * the configuration are followed; ids that nothing has are part of the answer.
     */
    async step(scope: string, ids: readonly string[], direction: Direction): Promise<string[]> {
      const [from, to] = direction === 'uses' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
      const { rows } = await sql<{ id: string }>`
        SELECT DISTINCT ${sql.ref(to)} AS id FROM object_reference
        WHERE ${sql.ref(from)} IN ${idList(ids)} AND scope IN (${scope}, ${CONFIGURATION_SCOPE})`.execute(db);
      return rows.map((row) => row.id);
    },

    /** Another text when edges that `step` follows may have changed. */
    async revision(scope: string): Promise<string> {
      const { rows } = await sql<RevisionRow>`
        SELECT scope, revision FROM scope_revision
        WHERE scope IN (${scope}, ${CONFIGURATION_SCOPE}) ORDER BY scope`.execute(db);
      return revisionText(rows);
    },
  };
}

interface RevisionRow {
  readonly scope: string;
  readonly revision: number;
}

const revisionText = (rows: readonly RevisionRow[]): string =>
  rows.map(({ scope, revision }) => `${scope} ${revision}`).join();

const EDGES_PER_BATCH = 5_000;

/** Reads all the edges that `step` follows, and their revision, from one state of the database. */
export function dependencyScan(snapshot: SnapshotReader, scope: string) {
  return {
    async revision(): Promise<string> {
      const found: RevisionRow[] = [];
      const text = 'SELECT scope, revision FROM scope_revision WHERE scope IN (?, ?) ORDER BY scope';
      for await (const rows of snapshot.batches<RevisionRow>(text, [scope, CONFIGURATION_SCOPE], EDGES_PER_BATCH)) {
        found.push(...rows);
      }
      return revisionText(found);
    },

    /** Batches of edges; those that go out from one object of a scope come together. */
    async *edges(): AsyncGenerator<{ readonly fromId: string; readonly toId: string }[]> {
      const text = `SELECT from_id AS "fromId", to_id AS "toId" FROM object_reference
        WHERE scope = ? ORDER BY scope, from_id, to_id`;
      for (const each of new Set([scope, CONFIGURATION_SCOPE])) {
        yield* snapshot.batches<{ readonly fromId: string; readonly toId: string }>(text, [each], EDGES_PER_BATCH);
      }
    },
  };
}
