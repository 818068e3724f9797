import type { AclEntry } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { sql } from 'kysely';
import { idList } from './objects.repository.ts';

/** An interned access control list. */
export interface StoredAcl {
  readonly id: string;
  readonly entries: readonly AclEntry[];
}

/** Reads and interns access control lists. A list's id is a hash of its entries: it never changes its meaning. */
export function aclRepository(db: Executor<MetadataTables>) {
  return {
    async load(ids: readonly string[]): Promise<StoredAcl[]> {
      const rows = await db.selectFrom('acl').selectAll().where('id', 'in', idList(ids)).execute();
      return rows.map(toStoredAcl);
    },

    /** Lists that were interned after the given position, oldest first, with the position of each. */
    async listAfter(position: number): Promise<(StoredAcl & { position: number })[]> {
      const { rows } = await sql<{ id: string; entries: string; position: number }>`
        SELECT id, entries, rowid AS position FROM acl WHERE rowid > ${position} ORDER BY rowid`.execute(db);
      return rows.map((row) => ({ ...toStoredAcl(row), position: row.position }));
    },

    /** How many lists there are; they are never removed. */
    async count(): Promise<number> {
      const { count } = await db
        .selectFrom('acl')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },

    /** In the order of their ids: whoever adds several never waits for another in a circle (ADR 15). */
    async internAll(acls: readonly { id: string; entries: string }[]): Promise<void> {
      const distinct = new Map(acls.map((acl) => [acl.id, acl]));
      for (const acl of [...distinct.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))) await this.intern(acl);
    },

    async intern(acl: { id: string; entries: string }): Promise<void> {
      await db
        .insertInto('acl')
        .values(acl)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}

function toStoredAcl(row: { id: string; entries: string }): StoredAcl {
  return { id: row.id, entries: JSON.parse(row.entries) as AclEntry[] };
}
