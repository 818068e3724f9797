import type { JournalChange } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

/** What happened to one object. A version is null on the side where the object did not exist. */
export interface JournalEntry {
  readonly scope: string;
  readonly objectId: string;
  readonly type: number;
  readonly name: string;
  readonly change: JournalChange;
  readonly versionBefore: string | null;
  readonly versionAfter: string | null;
}

/** One committed change of metadata. */
export interface JournalRecord {
  /** What was done, in one word: `update`, `delete`, `load`, `import`, `undo`, … */
  readonly kind: string;
  readonly user: { readonly id: string; readonly name: string };
  /** Wire date. */
  readonly date: string;
  readonly comment?: string;
  readonly packageId?: string;
  readonly importId?: string;
  /** Numbers, and for imports and undos what settles the record after a crash. */
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly entries: readonly JournalEntry[];
}

/** Eight columns an entry, far below the 32,766 variables that SQLite allows in a statement. */
const ENTRIES_PER_STATEMENT = 500;

/** Writes the journal within a unit of work: what it says was done is committed together with it. */
export function journalWriter(tx: Executor<MetadataTables>) {
  return {
    /** @returns the id of the journal transaction */
    async record(record: JournalRecord): Promise<number> {
      const { id } = await tx
        .insertInto('journal_transaction')
        .values({
          kind: record.kind,
          user_id: record.user.id,
          user_name: record.user.name,
          package_id: record.packageId ?? null,
          import_id: record.importId ?? null,
          date: record.date,
          comment: record.comment ?? '',
          summary: JSON.stringify(record.summary ?? {}),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      for (let at = 0; at < record.entries.length; at += ENTRIES_PER_STATEMENT) {
        const rows = record.entries.slice(at, at + ENTRIES_PER_STATEMENT).map((entry) => toRow(id, entry));
        await tx.insertInto('journal_entry').values(rows).execute();
      }
      return id;
    },
  };
}

function toRow(transactionId: number, entry: JournalEntry): MetadataTables['journal_entry'] {
  return {
    transaction_id: transactionId,
    scope: entry.scope,
    object_id: entry.objectId,
    type: entry.type,
    name: entry.name,
    change: entry.change,
    version_before: entry.versionBefore,
    version_after: entry.versionAfter,
  };
}
