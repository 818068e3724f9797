import { CONFIGURATION_SCOPE, type Reference } from '@longshore/domain';
import { insertRows, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { queryBodies } from '../bodies-at-once.ts';
import { bodyBytes } from '../body-bytes.ts';

/** The bodies of one user or group: of the package, and of the target if it has it. */
export interface LinkBodies {
  readonly id: string;
  readonly incoming: string;
  readonly definition: string | null;
  readonly translations: string | null;
  readonly uses: string | null;
}

/** A user or group with its new links. */
export interface LinkWrite {
  readonly id: string;
  readonly definition: string;
  readonly bodyHash: string;
  readonly references: readonly Reference[];
}

const TABLES = [
  `DROP TABLE IF EXISTS temp.link_write`,
  `DROP TABLE IF EXISTS temp.link_reference`,
  `CREATE TABLE temp.link_write (id TEXT NOT NULL PRIMARY KEY, definition TEXT NOT NULL, body_hash TEXT NOT NULL)`,
  `CREATE TABLE temp.link_reference (
     from_id TEXT NOT NULL, to_id TEXT NOT NULL, to_type INTEGER, PRIMARY KEY (from_id, to_id)) WITHOUT ROWID`,
];

/** In the order of the columns of `BODIES`. */
type BodyCells = readonly [
  id: string,
  incoming: string,
  definition: string | null,
  translations: string | null,
  uses: string | null,
];

const FROM_BODIES = `
  FROM temp.staged_entry e JOIN temp.staged_body s ON s.position = e.position
    LEFT JOIN object_body b ON b.scope = ?1 AND b.id = e.id
  WHERE e.position > ?2 ORDER BY e.position LIMIT ?3`;

const BODIES = `SELECT e.id, s.definition AS incoming, b.definition, b.translations, b.uses ${FROM_BODIES}`;

const BODY_BYTES = `SELECT octet_length(s.definition) + COALESCE(${bodyBytes('b')}, 0) AS bytes ${FROM_BODIES}`;

const TARGETS = `SELECT id, type FROM object WHERE scope = ?1 AND id IN (SELECT value FROM json_each(?2))`;

/** Access, owner, name and folder stay; the new version tells that the object is another one. */
const APPLY = [
  `UPDATE object SET version = d.version, date_modified = d.date_modified, body_hash = w.body_hash
   FROM temp.link_write w JOIN temp.decision d ON d.id = w.id WHERE object.scope = ?1 AND object.id = w.id`,
  `UPDATE object_body SET definition = w.definition
   FROM temp.link_write w WHERE object_body.scope = ?1 AND object_body.id = w.id`,
  `DELETE FROM object_reference WHERE scope = ?1 AND from_id IN (SELECT id FROM temp.link_write)`,
  `INSERT INTO object_reference (scope, from_id, to_id, to_type)
   SELECT ?1, from_id, to_id, to_type FROM temp.link_reference`,
];

export function linkWrites(db: Executor<MetadataTables>) {
  return {
    async reset(): Promise<void> {
      for (const statement of TABLES) await runText(db, statement);
    },

    /**
     * Of the next users and groups in planning order, by id: at most `limit`, and fewer where their bodies are large.
     */
    async loadBodies(after: number, limit: number): Promise<Map<string, LinkBodies>> {
      const query = { rows: BODIES, sizes: BODY_BYTES, values: [CONFIGURATION_SCOPE, after] };
      const rows = (await queryBodies(db, query, limit)) as unknown as readonly BodyCells[];
      return new Map(
        rows.map(([id, incoming, definition, translations, uses]) => [
          id,
          { id, incoming, definition, translations, uses },
        ]),
      );
    },

    /** Types of the objects of a scope that are there, by id. */
    async loadTypes(scope: string, ids: readonly string[]): Promise<Map<string, number>> {
      const rows = await queryText<{ id: string; type: number }, MetadataTables>(db, TARGETS, [
        scope,
        JSON.stringify(ids),
      ]);
      return new Map(rows.map((row) => [row.id, row.type]));
    },

    async add(writes: readonly LinkWrite[]): Promise<void> {
      await insertRows(
        db,
        { table: 'temp.link_write', columns: ['id', 'definition', 'body_hash'] },
        writes.map((write) => [write.id, write.definition, write.bodyHash]),
      );
      await insertRows(
        db,
        { table: 'temp.link_reference', columns: ['from_id', 'to_id', 'to_type'] },
        writes.flatMap((write) => write.references.map(({ id, type }) => [write.id, id, type])),
      );
    },

    async apply(): Promise<void> {
      for (const statement of APPLY) await runText(db, statement, [CONFIGURATION_SCOPE]);
    },
  };
}
