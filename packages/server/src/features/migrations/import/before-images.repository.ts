import {
  CONFIGURATION_SCOPE,
  projectOf,
  type StoredHeader,
  type UndoDelete,
  type UndoRestore,
} from '@longshore/domain';
import { queryCells, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { queryBodies } from '../bodies-at-once.ts';
import { bodyBytes } from '../body-bytes.ts';

export interface BeforeImage {
  readonly record: UndoRestore;
  /** Canonical text of the definition before the import. */
  readonly definition: string;
}

type CreatedCells = readonly [id: string, type: number, name: string, version: string, bodyHash: string];

/** In the order of the columns of `BEFORE`. */
type BeforeCells = readonly [
  id: string,
  type: number,
  subtype: number,
  name: string,
  description: string,
  abbreviation: string,
  parentId: string | null,
  ownerId: string,
  version: string,
  dateCreated: string,
  dateModified: string,
  hidden: number,
  acl: string,
  bodyHash: string,
  definition: string,
  translations: string,
  uses: string,
  writtenVersion: string | null,
];

const CREATED = `
  SELECT d.id, d.type, d.name, d.version, s.body_hash
  FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position
  WHERE d.outcome = 'create' AND d.id > ?1 ORDER BY d.id LIMIT ?2`;

/** The outcomes that change or delete what is there. */
export const CHANGING_OUTCOMES = ['replace', 'move', 'update_contacts', 'update_translations', 'delete'] as const;
const CHANGING = CHANGING_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');

const DANGLING_TABLE = [
  `DROP TABLE IF EXISTS temp.dangling`,
  `CREATE TABLE temp.dangling (id TEXT NOT NULL, other_id TEXT NOT NULL, PRIMARY KEY (id, other_id)) WITHOUT ROWID`,
];

/**
 * Needs that lead nowhere before the import, each found with the object that the import is about: who needed what it
 * makes, or lay in it, before it was there (projects need configuration objects, too), and what the objects that it
 * changes need, or lie in, although it is not there. Hardly ever any, so they are looked for once, and not page by page.
 */
const FIND_DANGLING = {
  created: `INSERT INTO temp.dangling (id, other_id)
   SELECT d.id, r.from_id FROM temp.decision d JOIN object_reference r ON r.to_id = d.id
   WHERE d.outcome = 'create' AND (r.scope = ?1 OR ?1 = '${CONFIGURATION_SCOPE}')
   UNION SELECT d.id, c.id FROM temp.decision d JOIN object c ON c.scope = ?1 AND c.parent_id = d.id
   WHERE d.outcome = 'create' AND d.type = 8`,
  changed: `INSERT INTO temp.dangling (id, other_id)
   SELECT d.id, r.to_id FROM temp.decision d JOIN object_reference r ON r.scope = ?1 AND r.from_id = d.id
   WHERE d.outcome IN (${CHANGING}) AND NOT EXISTS (SELECT 1 FROM object o WHERE o.scope = ?1 AND o.id = r.to_id)
     AND NOT EXISTS (SELECT 1 FROM object k WHERE k.scope = '${CONFIGURATION_SCOPE}' AND k.id = r.to_id)
   UNION SELECT c.id, c.parent_id FROM temp.decision d JOIN object c ON c.scope = ?1 AND c.id = d.id
   WHERE d.outcome IN (${CHANGING}) AND c.parent_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM object f WHERE f.scope = ?1 AND f.id = c.parent_id)`,
};

const ANY_OF = (outcomes: string): string => `SELECT 1 FROM temp.decision WHERE outcome IN (${outcomes}) LIMIT 1`;

const DANGLING = `
  SELECT id, other_id AS "otherId" FROM temp.dangling WHERE id >= ?1 AND id <= ?2 ORDER BY id, other_id`;

const NAMESAKES = `
  SELECT id, other_id AS "otherId" FROM temp.namesake WHERE id >= ?1 AND id <= ?2 ORDER BY id, other_id`;

const BEFORE_BYTES = `
  SELECT ${bodyBytes('b')} AS bytes FROM temp.decision d JOIN object_body b ON b.scope = ?1 AND b.id = d.id
  WHERE d.outcome = ?2 AND d.id > ?3 ORDER BY d.id LIMIT ?4`;

const BEFORE = `
  SELECT o.id, o.type, o.subtype, o.name, o.description, o.abbreviation, o.parent_id, o.owner_id, o.version,
    o.date_created, o.date_modified, o.hidden, a.entries, o.body_hash, b.definition, b.translations, b.uses,
    CASE d.outcome WHEN 'delete' THEN NULL ELSE d.version END AS written_version
  FROM temp.decision d JOIN object o ON o.scope = ?1 AND o.id = d.id
    JOIN object_body b ON b.scope = o.scope AND b.id = o.id JOIN acl a ON a.id = o.acl_id
  WHERE d.outcome = ?2 AND d.id > ?3 ORDER BY d.id LIMIT ?4`;

const NAMESAKE_TABLE = [
  `DROP TABLE IF EXISTS temp.namesake`,
  `CREATE TABLE temp.namesake (id TEXT NOT NULL, other_id TEXT NOT NULL, PRIMARY KEY (id, other_id)) WITHOUT ROWID`,
];

/**
 * Objects that the import leaves alone and that share folder, type and name with some that it changes, each with the first of
 * those. There is hardly ever one; many that share a name are no pairs, but a group of them.
 */
const FIND_NAMESAKES = `
  INSERT INTO temp.namesake (id, other_id)
  WITH shared AS MATERIALIZED (
    SELECT c.parent_id, c.type, lower(c.name) AS lower_name, min(c.id) AS id
    FROM temp.decision d CROSS JOIN object c ON c.scope = ?1 AND c.id = d.id
    WHERE d.outcome IN (${CHANGING}) AND d.type <> 34 AND EXISTS (
      SELECT 1 FROM object o WHERE o.scope = ?1 AND o.parent_id IS c.parent_id AND o.type = c.type
        AND o.name = c.name COLLATE NOCASE AND o.id <> c.id)
    GROUP BY c.parent_id, c.type, lower(c.name))
  SELECT s.id, o.id FROM shared s CROSS JOIN object o ON o.scope = ?1 AND o.parent_id IS s.parent_id AND o.type = s.type
    AND o.name = s.lower_name COLLATE NOCASE
  WHERE NOT EXISTS (SELECT 1 FROM temp.decision x WHERE x.id = o.id AND x.outcome IN (${CHANGING}))`;

/** The other objects of pairs, by the one that they belong to. */
type OtherIds = ReadonlyMap<string, readonly string[]>;

interface Others {
  readonly dangling: OtherIds;
  readonly namesakes: OtherIds;
}

/** What an import is about to change, as it is before: the content of the undo package. */
export function beforeImages(db: Executor<MetadataTables>, scope: string) {
  /** Of a page of objects in the order of ids. */
  const loadPairs = async (text: string, ids: readonly string[]): Promise<OtherIds> => {
    const [first, last] = [ids.at(0), ids.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const pairs = await queryText<{ id: string; otherId: string }, MetadataTables>(db, text, [first, last]);
    const byId = Map.groupBy(pairs, ({ id }) => id);
    return new Map([...byId].map(([id, own]) => [id, own.map(({ otherId }) => otherId)]));
  };
  let hasNamesakes = false;
  const isAny = async (outcomes: string): Promise<boolean> => (await queryText(db, ANY_OF(outcomes))).length > 0;
  return {
    /** Must come before everything else. */
    async prepare(): Promise<void> {
      for (const statement of [...DANGLING_TABLE, ...NAMESAKE_TABLE]) await runText(db, statement);
      if (await isAny(`'create'`)) await runText(db, FIND_DANGLING.created, [scope]);
      if (!(await isAny(CHANGING))) return;
      await runText(db, FIND_DANGLING.changed, [scope]);
      hasNamesakes = (await runText(db, FIND_NAMESAKES, [scope])) > 0;
    },

    /** Objects that the import makes, in the order of ids, after the given one. */
    async loadCreated(afterId: string, limit: number): Promise<UndoDelete[]> {
      const rows = (await queryCells(db, CREATED, [afterId, limit])) as unknown as readonly CreatedCells[];
      const dangling = await loadPairs(
        DANGLING,
        rows.map(([id]) => id),
      );
      return rows.map(([id, type, name, version, bodyHash]) => {
        const danglingFrom = dangling.get(id);
        const made = { op: 'delete', id, type, name, version, bodyHash } as const;
        return danglingFrom ? { ...made, danglingFrom } : made;
      });
    },

    /**
     * Objects with one outcome that the import changes or deletes, whole, in the order of ids, after the given one: at most
     * `limit`, and fewer where their definitions are large. One
     * outcome at a time: the index then gives each page as it is, where several would be sorted anew for every page.
     */
    async loadBefore(
      outcome: (typeof CHANGING_OUTCOMES)[number],
      { afterId, limit }: { readonly afterId: string; readonly limit: number },
    ): Promise<BeforeImage[]> {
      const query = { rows: BEFORE, sizes: BEFORE_BYTES, values: [scope, outcome, afterId] };
      const rows = (await queryBodies(db, query, limit)) as unknown as readonly BeforeCells[];
      const ids = rows.map(([id]) => id);
      const dangling = await loadPairs(DANGLING, ids);
      const namesakes = hasNamesakes ? await loadPairs(NAMESAKES, ids) : new Map<string, readonly string[]>();
      return rows.map((row) => beforeImage(row, scope, { dangling, namesakes }));
    },
  };
}

function beforeImage(row: BeforeCells, scope: string, known: Others): BeforeImage {
  const [id, type, subtype, name, description, abbreviation, parentId, ownerId, version, ...others] = row;
  const [dateCreated, dateModified, hidden, acl, bodyHash, definition, translations, uses, writtenVersion] = others;
  const header: StoredHeader = {
    projectId: projectOf(scope),
    id,
    type,
    subtype,
    name,
    description,
    abbreviation,
    parentId,
    ownerId,
    version,
    dateCreated,
    dateModified,
    hidden: hidden === 1,
    acl,
    translations,
    uses,
  };
  const danglingTo = known.dangling.get(id);
  const namesakes = known.namesakes.get(id);
  return {
    record: {
      op: 'restore',
      ...(danglingTo && { danglingTo }),
      ...(namesakes && { namesakes }),
      header,
      bodyHash,
      writtenVersion,
    },
    definition,
  };
}
