import { insertRows, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { queryBodies } from '../bodies-at-once.ts';
import { bodyBytes } from '../body-bytes.ts';

/** A staged object whose texts in other languages differ from those of the object on the target. */
export interface TextMeeting {
  readonly id: string;
  /** Canonical texts. */
  readonly incoming: string;
  readonly existing: string;
  readonly definition: string;
  readonly uses: string;
  /** Whether the versions are equal. */
  readonly isSameVersion: boolean;
}

/** In the order of the columns of `MEETINGS`. */
type MeetingCells = readonly [
  id: string,
  incoming: string,
  existing: string,
  definition: string,
  uses: string,
  isSameVersion: number,
];

const FROM_MEETING = `
  FROM temp.staged_entry s JOIN temp.staged_body b ON b.position = s.position
    JOIN object o ON o.scope = ?1 AND o.id = s.id AND o.type = s.type
    JOIN object_body t ON t.scope = ?1 AND t.id = s.id
  WHERE s.role <> 'ancestor' AND s.absent = 0 AND s.action NOT IN ('keep_both', 'delete')
    AND s.body_hash <> o.body_hash AND b.translations <> t.translations AND s.id > ?2
  ORDER BY s.id LIMIT ?3`;

const MEETINGS = `
  SELECT s.id, b.translations AS incoming, t.translations AS existing, b.definition, b.uses,
    CASE WHEN s.version = o.version THEN 1 ELSE 0 END AS is_same_version ${FROM_MEETING}`;

const MEETING_BYTES = `SELECT ${bodyBytes('b')} + octet_length(t.translations) AS bytes ${FROM_MEETING}`;

/** The texts that an object gets. */
export interface MergedTexts {
  readonly id: string;
  readonly translations: string;
  readonly bodyHash: string;
  readonly changesTexts: boolean;
}

/** Batches wait in a table of their own: joining JSON with a table would read the JSON once for each of its rows. */
const MERGED_TEXT = [
  `DROP TABLE IF EXISTS temp.merged_text`,
  `CREATE TABLE temp.merged_text (
     id TEXT NOT NULL PRIMARY KEY, translations TEXT NOT NULL, body_hash TEXT NOT NULL, changes_texts INTEGER NOT NULL)`,
];

const STAGE_TEXTS = [
  `UPDATE temp.staged_body SET translations = m.translations
   FROM temp.merged_text m JOIN temp.staged_entry s ON s.id = m.id WHERE staged_body.position = s.position`,
  `UPDATE temp.staged_entry SET body_hash = m.body_hash, changes_texts = m.changes_texts
   FROM temp.merged_text m WHERE staged_entry.id = m.id`,
];

/** An object that gets other texts, and of which everything else stays as the target has it. */
export interface TextChange {
  readonly id: string;
  readonly definition: string;
  readonly uses: string;
  /** The texts that it gets. */
  readonly translations: string;
}

/** In the order of the columns of `CHANGES`. */
type ChangeCells = readonly [id: string, definition: string, uses: string, translations: string];

const FROM_CHANGE = `
  FROM temp.decision d JOIN temp.staged_body b ON b.position = d.position
    JOIN object_body t ON t.scope = ?1 AND t.id = d.id
  WHERE d.outcome = 'update_translations' AND d.id > ?2 ORDER BY d.id LIMIT ?3`;

const CHANGES = `SELECT d.id, t.definition, t.uses, b.translations ${FROM_CHANGE}`;

const CHANGE_BYTES = `
  SELECT octet_length(t.definition) + octet_length(t.uses) + octet_length(b.translations) AS bytes ${FROM_CHANGE}`;

const WRITE_TEXTS = [
  `UPDATE object_body SET translations = m.translations FROM temp.merged_text m
   WHERE object_body.scope = ?1 AND object_body.id = m.id`,
  `UPDATE object SET body_hash = m.body_hash FROM temp.merged_text m WHERE object.scope = ?1 AND object.id = m.id`,
];

/** Texts in other languages during an import: in the staging tables before the plan, on the target after it. */
export function importTexts(db: Executor<MetadataTables>, scope: string) {
  return {
    /**
     * In the order of ids, after the given one: at most `limit`, and fewer where their bodies are large. Copies and
     * deletions are left out: they meet nothing.
     */
    async loadMeetings(afterId: string, limit: number): Promise<TextMeeting[]> {
      const query = { rows: MEETINGS, sizes: MEETING_BYTES, values: [scope, afterId] };
      const rows = (await queryBodies(db, query, limit)) as unknown as readonly MeetingCells[];
      return rows.map(([id, incoming, existing, definition, uses, isSameVersion]) => ({
        id,
        incoming,
        existing,
        definition,
        uses,
        isSameVersion: isSameVersion === 1,
      }));
    },

    /** Empties what `add` fills. */
    async reset(): Promise<void> {
      for (const statement of MERGED_TEXT) await runText(db, statement);
    },

    async add(rows: readonly MergedTexts[]): Promise<void> {
      await insertRows(
        db,
        { table: 'temp.merged_text', columns: ['id', 'translations', 'body_hash', 'changes_texts'] },
        rows.map((row) => [row.id, row.translations, row.bodyHash, row.changesTexts ? 1 : 0]),
      );
    },

    /** Gives what was added to the staged objects. */
    async stage(): Promise<void> {
      for (const statement of STAGE_TEXTS) await runText(db, statement);
    },

    /** What was decided, in the order of ids, after the given one: at most `limit`, and fewer where their bodies are large. */
    async loadChanges(afterId: string, limit: number): Promise<TextChange[]> {
      const query = { rows: CHANGES, sizes: CHANGE_BYTES, values: [scope, afterId] };
      const rows = (await queryBodies(db, query, limit)) as unknown as readonly ChangeCells[];
      return rows.map(([id, definition, uses, translations]) => ({ id, definition, uses, translations }));
    },

    /** Gives what was added to the objects of the target. */
    async write(): Promise<void> {
      for (const statement of WRITE_TEXTS) await runText(db, statement, [scope]);
    },
  };
}
