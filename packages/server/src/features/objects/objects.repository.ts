import { sql } from 'kysely';
import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type {
  CertificationTable,
  MetadataTables,
  ObjectBodyTable,
  ObjectTable,
} from '../../platform/db/metadata-schema.ts';
import type { ObjectKey } from './object-writer.repository.ts';

/** What an ACL entry or an owner shows of a user or group. */
export interface PrincipalRow {
  readonly id: string;
  readonly name: string;
  readonly subtype: number;
}

/** A list of ids as one bound value, so that no statement has too many variables. */
export const idList = (ids: readonly string[]) => sql<string>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** Reads single objects and what belongs to them. */
export function objectReader(db: Executor<MetadataTables>) {
  return {
    findRow: (key: ObjectKey): Promise<ObjectTable | undefined> =>
      db.selectFrom('object').selectAll().where('scope', '=', key.scope).where('id', '=', key.id).executeTakeFirst(),

    findBody: (key: ObjectKey): Promise<ObjectBodyTable | undefined> =>
      db
        .selectFrom('object_body')
        .selectAll()
        .where('scope', '=', key.scope)
        .where('id', '=', key.id)
        .executeTakeFirst(),

    loadRows: (scope: string, ids: readonly string[]): Promise<ObjectTable[]> =>
      db.selectFrom('object').selectAll().where('scope', '=', scope).where('id', 'in', idList(ids)).execute(),

    findAcl: (aclId: string) => db.selectFrom('acl').select('entries').where('id', '=', aclId).executeTakeFirst(),

    /** Users and groups by id, for the names of owners and trustees. */
    async loadPrincipals(ids: readonly string[]): Promise<Map<string, PrincipalRow>> {
      const rows = await db
        .selectFrom('object')
        .select(['id', 'name', 'subtype'])
        .where('scope', '=', CONFIGURATION_SCOPE)
        .where('id', 'in', idList(ids))
        .execute();
      return new Map(rows.map((row) => [row.id, row]));
    },

    /** How a scope is called in messages. */
    async findProjectName(scope: string): Promise<string | undefined> {
      const row = await db.selectFrom('project').select('name').where('id', '=', scope).executeTakeFirst();
      return row?.name;
    },

    /** Certifications that still hold, by object id. */
    async loadCertifications(scope: string, ids: readonly string[]): Promise<Map<string, CertificationTable>> {
      const rows = await db
        .selectFrom('certification as c')
        .innerJoin('object as o', (join) =>
          join.onRef('o.scope', '=', 'c.scope').onRef('o.id', '=', 'c.object_id').onRef('o.version', '=', 'c.version'),
        )
        .selectAll('c')
        .where('c.scope', '=', scope)
        .where('c.object_id', 'in', idList(ids))
        .execute();
      return new Map(rows.map((row) => [row.object_id, row]));
    },
  };
}
