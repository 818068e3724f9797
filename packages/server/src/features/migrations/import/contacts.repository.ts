import { insertRows, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { STAGED_NEED, STAGED_REFERENCE } from './reference-staging.ts';

/** A user of whom the package has other addresses and contacts. */
export interface ContactsMeeting {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly position: number;
  /** Definition of the package. */
  readonly incoming: string;
  /** Definition of the target. */
  readonly existing: string;
  /** Texts in other languages and explicit uses of the target. */
  readonly translations: string;
  readonly uses: string;
}

const MEETING = `
  SELECT d.id, d.type, s.subtype, d.position, b.definition AS incoming, t.definition AS existing, t.translations, t.uses
  FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position
    JOIN temp.staged_body b ON b.position = d.position JOIN object_body t ON t.scope = ?1 AND t.id = d.id
  WHERE d.outcome = 'update_contacts' AND d.id > ?2 ORDER BY d.id LIMIT 1`;

/** What a user will consist of. */
export interface MergedUser {
  readonly position: number;
  readonly definition: string;
  readonly translations: string;
  readonly uses: string;
  readonly bodyHash: string;
  readonly contactsHash: string | null;
  readonly references: readonly { readonly id: string; readonly type: number | null }[];
}

/** Users that get addresses and contacts alone, in the staging tables, once their entries are decided. */
export function importContacts(db: Executor<MetadataTables>, scope: string) {
  return {
    /** The next one in the order of ids: definitions may be large. */
    async findMeeting(afterId: string): Promise<ContactsMeeting | undefined> {
      const [meeting] = await queryText<ContactsMeeting, MetadataTables>(db, MEETING, [scope, afterId]);
      return meeting;
    },

    /** Puts the whole user in the place of what the package says of it. */
    async stage({ position, references, ...merged }: MergedUser): Promise<void> {
      const { definition, translations, uses, bodyHash, contactsHash } = merged;
      const setBody = `UPDATE temp.staged_body SET definition = ?, translations = ?, uses = ? WHERE position = ?`;
      await runText(db, setBody, [definition, translations, uses, position]);
      const setHashes = `UPDATE temp.staged_entry SET body_hash = ?, contacts_hash = ? WHERE position = ?`;
      await runText(db, setHashes, [bodyHash, contactsHash, position]);
      await runText(db, `DELETE FROM staged_reference WHERE position = ?`, [position]);
      await insertRows(
        db,
        STAGED_REFERENCE,
        references.map(({ id, type }) => [position, id, type]),
      );
      const needed = references.map(({ id }) => [id]);
      await insertRows(db, STAGED_NEED, needed);
    },
  };
}
