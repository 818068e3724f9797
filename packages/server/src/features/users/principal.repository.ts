import { sql, type SqlBool } from 'kysely';
import { CONFIGURATION_SCOPE, type MetadataObject } from '@longshore/domain';
import { NO_LIMIT } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { toMetadataObject } from '../objects/object-rows.ts';
import { loadRevision } from '../objects/scope-revisions.repository.ts';
import { SUBTYPE, TYPE } from './well-known.ts';

export interface Page {
  readonly offset: number;
  /** Null is no limit. */
  readonly limit: number | null;
}

export interface PrincipalFilter extends Page {
  readonly nameBegins?: string | undefined;
  readonly abbreviationBegins?: string | undefined;
  /** Only these ids. */
  readonly ids?: readonly string[] | undefined;
}

export interface PrincipalPage {
  readonly objects: readonly MetadataObject[];
  /** Number of all that match, before paging. */
  readonly total: number;
}

export interface NamedPrincipal {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly subtype: number;
}

/** Far below the 32,766 variables that SQLite allows in a statement. */
const IDS_PER_STATEMENT = 1000;

/** Users, groups and security roles, and what they are linked with. */
export class PrincipalRepository {
  readonly #db: Executor<MetadataTables>;

  constructor(db: Executor<MetadataTables>) {
    this.#db = db;
  }

  /** Users, groups and roles by id; ids that there are not are left out. */
  async load(ids: readonly string[]): Promise<Map<string, MetadataObject>> {
    const found = new Map<string, MetadataObject>();
    for (const chunk of chunksOf(ids)) {
      const query = this.#objects().where('o.id', 'in', chunk).where('o.type', 'in', Object.values(TYPE));
      for (const row of await whole(query).execute()) found.set(row.id, toObject(row));
    }
    return found;
  }

  /** Names of configuration objects of any type. */
  async loadNames(ids: readonly string[], scope: string = CONFIGURATION_SCOPE): Promise<Map<string, NamedPrincipal>> {
    const found = new Map<string, NamedPrincipal>();
    for (const chunk of chunksOf(ids)) {
      const rows = await this.#db
        .selectFrom('object')
        .select(['id', 'name', 'type', 'subtype'])
        .where('scope', '=', scope)
        .where('id', 'in', chunk)
        .execute();
      for (const row of rows) found.set(row.id, row);
    }
    return found;
  }

  async listProjects(): Promise<{ id: string; name: string }[]> {
    return this.#db.selectFrom('project').select(['id', 'name']).orderBy('name').orderBy('id').execute();
  }

  async list(subtype: number, filter: PrincipalFilter): Promise<PrincipalPage> {
    let query = this.#objects().where('o.subtype', '=', subtype);
    if (filter.nameBegins) query = query.where(beginsWith('o.name', filter.nameBegins));
    if (filter.abbreviationBegins) query = query.where(beginsWith('o.abbreviation', filter.abbreviationBegins));
    if (filter.ids) query = query.where('o.id', 'in', filter.ids);
    return pageOf(query, filter);
  }

  /** The users and groups that are direct members of a group. */
  async listMembers(groupId: string, page: Page): Promise<PrincipalPage> {
    return pageOf(this.#objects().where('o.type', '=', TYPE.principal).where(hasMembership(groupId)), page);
  }

  /** The groups that are in no other group. */
  async listTopLevelGroups(page: Page): Promise<PrincipalPage> {
    const isTop = sql<SqlBool>`coalesce(json_array_length(b.definition, '$.memberships'), 0) = 0`;
    return pageOf(this.#objects().where('o.subtype', '=', SUBTYPE.userGroup).where(isTop), page);
  }

  /** The users and groups that have a security role in any project. */
  async listRoleHolders(roleId: string): Promise<MetadataObject[]> {
    const query = this.#objects().where('o.type', '=', TYPE.principal).where(hasRole(roleId));
    return (await whole(query).orderBy('o.name').orderBy('o.id').execute()).map(toObject);
  }

  /** Every user's id and login name. The definition's name counts; the abbreviation only where it has none. */
  async listLogins(): Promise<{ id: string; username: string }[]> {
    const username = sql<string>`coalesce(nullif(cast(json_extract(b.definition, '$.username') as text), ''),
      o.abbreviation)`;
    return this.#objects()
      .where('o.subtype', '=', SUBTYPE.user)
      .select(['o.id', username.as('username')])
      .execute();
  }

  /** An object of a subtype with this name in any case, besides `exceptId`. */
  async findByName(subtype: number, name: string, exceptId: string): Promise<NamedPrincipal | undefined> {
    return this.#db
      .selectFrom('object')
      .select(['id', 'name', 'type', 'subtype'])
      .where('scope', '=', CONFIGURATION_SCOPE)
      .where('subtype', '=', subtype)
      .where(sql<SqlBool>`lower(name) = lower(${name})`)
      .where('id', '!=', exceptId)
      .executeTakeFirst();
  }

  /** Objects of any scope that use an object, besides principals, whose links are dissolved with it. */
  async listUsedBy(id: string, limit: number): Promise<{ id: string; name: string }[]> {
    return this.#db
      .selectFrom('object_reference as r')
      .innerJoin('object as o', (join) => join.onRef('o.scope', '=', 'r.scope').onRef('o.id', '=', 'r.from_id'))
      .select(['o.id', 'o.name'])
      .where('r.to_id', '=', id)
      .where('o.type', '!=', TYPE.principal)
      .orderBy('o.name')
      .limit(limit)
      .execute();
  }

  async listOwned(ownerId: string, limit: number): Promise<{ id: string; name: string }[]> {
    return this.#db
      .selectFrom('object')
      .select(['id', 'name'])
      .where('owner_id', '=', ownerId)
      .where('id', '!=', ownerId)
      .limit(limit)
      .execute();
  }

  /** Moves with every committed change of a configuration object. */
  configurationRevision(): Promise<number> {
    return loadRevision(this.#db, CONFIGURATION_SCOPE);
  }

  #objects() {
    return objectsOf(this.#db);
  }
}

export function principalRepository(db: Executor<MetadataTables>): PrincipalRepository {
  return new PrincipalRepository(db);
}

function objectsOf(db: Executor<MetadataTables>) {
  return db
    .selectFrom('object as o')
    .innerJoin('object_body as b', (join) => join.onRef('b.scope', '=', 'o.scope').onRef('b.id', '=', 'o.id'))
    .innerJoin('acl as a', 'a.id', 'o.acl_id')
    .where('o.scope', '=', CONFIGURATION_SCOPE);
}
type ObjectQuery = ReturnType<typeof objectsOf>;

const whole = (query: ObjectQuery) =>
  query.selectAll('o').select(['b.definition', 'b.translations', 'b.uses', 'a.entries']);

async function pageOf(query: ObjectQuery, page: Page): Promise<PrincipalPage> {
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await whole(query)
    .orderBy('o.name')
    .orderBy('o.id')
    .limit(page.limit ?? NO_LIMIT)
    .offset(page.offset)
    .execute();
  return { objects: rows.map(toObject), total };
}

type WholeRow = ObjectTable & { definition: string; translations: string; uses: string; entries: string };

function toObject(row: WholeRow): MetadataObject {
  const { definition, translations, uses, entries } = row;
  return toMetadataObject(row, { scope: row.scope, id: row.id, definition, translations, uses }, entries);
}

function beginsWith(column: string, prefix: string) {
  const pattern = `${prefix.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
}

/** A membership is stored as the group's id, or as an object that holds it. */
function hasMembership(groupId: string) {
  return sql<SqlBool>`exists (select 1 from json_each(b.definition, '$.memberships') m
    where upper(case m.type when 'object' then json_extract(m.value, '$.id') else m.value end) = ${groupId})`;
}

function hasRole(roleId: string) {
  return sql<SqlBool>`exists (select 1 from json_each(b.definition, '$.securityRoles') s
    where upper(case s.type when 'object' then json_extract(s.value, '$.roleId') end) = ${roleId})`;
}

function chunksOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_PER_STATEMENT) }, (_, i) =>
    ids.slice(i * IDS_PER_STATEMENT, (i + 1) * IDS_PER_STATEMENT),
  );
}
