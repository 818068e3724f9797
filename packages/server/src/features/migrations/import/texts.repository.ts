import { queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** A staged object whose texts in other languages differ from those of the object on the target. */
export interface TextMeeting {
  readonly id: string;
  /** Canonical texts. */
  readonly incoming: string;
  readonly existing: string;
  readonly definition: string;
  readonly uses: string;
  /** 1 when the versions are equal. */
  readonly isSameVersion: number;
}

const MEETINGS = `
  SELECT s.id, b.translations AS incoming, t.translations AS existing, b.definition, b.uses,
    s.version = o.version AS "isSameVersion"
  FROM temp.staged_entry s JOIN temp.staged_body b ON b.id = s.id
    JOIN object o ON o.scope = ?1 AND o.id = s.id AND o.type = s.type
    JOIN object_body t ON t.scope = ?1 AND t.id = s.id
  WHERE s.role <> 'ancestor' AND s.absent = 0 AND s.action NOT IN ('keep_both', 'delete')
    AND s.body_hash <> o.body_hash AND b.translations <> t.translations AND s.id > ?2
  ORDER BY s.id LIMIT ?3`;

/** What the staged object has from now on. */
export interface MergedTexts {
  readonly id: string;
  readonly translations: string;
  readonly bodyHash: string;
  readonly changesTexts: boolean;
}

const STAGE_TEXTS = `
  UPDATE temp.staged_body SET translations = json_extract(v.value, '$.translations')
  FROM json_each(?1) v WHERE staged_body.id = json_extract(v.value, '$.id')`;

const STAGE_HASHES = `
  UPDATE temp.staged_entry SET body_hash = json_extract(v.value, '$.bodyHash'),
    changes_texts = json_extract(v.value, '$.changesTexts')
  FROM json_each(?1) v WHERE staged_entry.id = json_extract(v.value, '$.id')`;

/** An object that gets other texts, and of which everything else stays as the target has it. */
export interface TextChange {
  readonly id: string;
  readonly definition: string;
  readonly uses: string;
  /** The texts that it gets. */
  readonly translations: string;
}

const CHANGES = `
  SELECT d.id, t.definition, t.uses, b.translations
  FROM temp.decision d JOIN temp.staged_body b ON b.id = d.id
    JOIN object_body t ON t.scope = ?1 AND t.id = d.id
  WHERE d.outcome = 'update_translations' AND d.id > ?2 ORDER BY d.id LIMIT ?3`;

const WRITE_TEXTS = `
  UPDATE object_body SET translations = json_extract(v.value, '$.translations')
  FROM json_each(?2) v WHERE object_body.scope = ?1 AND object_body.id = json_extract(v.value, '$.id')`;

const WRITE_HASHES = `
  UPDATE object SET body_hash = json_extract(v.value, '$.bodyHash')
  FROM json_each(?2) v WHERE object.scope = ?1 AND object.id = json_extract(v.value, '$.id')`;

/** Texts in other languages during an import: in the staging tables before the plan, on the target after it. */
export function importTexts(db: Executor<MetadataTables>, scope: string) {
  return {
    /** In the order of ids, after the given one. Copies and deletions are left out: they meet nothing. */
    loadMeetings: (afterId: string, limit: number): Promise<TextMeeting[]> =>
      queryText<TextMeeting, MetadataTables>(db, MEETINGS, [scope, afterId, limit]),

    async stageTexts(rows: readonly MergedTexts[]): Promise<void> {
      await runText(db, STAGE_TEXTS, [JSON.stringify(rows)]);
      await runText(db, STAGE_HASHES, [JSON.stringify(rows)]);
    },

    /** What was decided, in the order of ids, after the given one. */
    loadChanges: (afterId: string, limit: number): Promise<TextChange[]> =>
      queryText<TextChange, MetadataTables>(db, CHANGES, [scope, afterId, limit]),

    async writeTexts(rows: readonly Pick<MergedTexts, 'id' | 'translations' | 'bodyHash'>[]): Promise<void> {
      await runText(db, WRITE_TEXTS, [scope, JSON.stringify(rows)]);
      await runText(db, WRITE_HASHES, [scope, JSON.stringify(rows)]);
    },
  };
}
