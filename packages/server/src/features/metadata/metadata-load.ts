import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { AppError, type LoadResult } from '@longshore/contracts';
import {
  CONFIGURATION_SCOPE,
  FOLDER_TYPE,
  inheritedAcl,
  USER_SUBTYPE,
  type AclEntry,
  loginKey,
} from '@longshore/domain';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { sqliteDialect } from '../../platform/db/node-sqlite.ts';
import { CONFIGURATION_ACL } from '../objects/configuration-acl.ts';
import { internAcl } from '../../platform/hash.ts';
import { loadCredential } from '../auth/credentials.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { createProject, refuseTakenName } from '../projects/create-project.ts';
import { projectRepository } from '../projects/projects.repository.ts';
import { FieldError } from './line-fields.ts';
import { parseLoadLine, type LoadedObject, type LoadedProject } from './load-line.ts';
import { loadStatements, type InheritingGroup, type LoadStatements } from './load.repository.ts';

/** On whose behalf a load runs, and when. */
export interface LoadOrder {
  readonly user: { readonly id: string; readonly name: string };
  /** Wire date. */
  readonly date: string;
}

/** A load that has created this many objects, and as many as there were, is worth building the indexes anew. */
const REBUILD_FROM = 2000;

/**
 * One bulk load: lines in their order, then `finish`. Runs inside a transaction that its owner begins and ends; any
 * error means that nothing of it may be committed.
 */
export class MetadataLoad {
  readonly #tables: Kysely<MetadataTables>;
  readonly #statements: LoadStatements;
  readonly #order: LoadOrder;
  readonly #scopes = new Map<string, number>();
  readonly #passwords = new Map<string, string>();
  #line = 0;
  #projects = 0;
  #created = 0;
  #updated = 0;
  readonly #createdBeforeRebuild: number;
  #isRebuilding = false;
  #hasUsers = false;
  #hasFolders = false;

  constructor(db: DatabaseSync, order: LoadOrder) {
    this.#tables = new Kysely<MetadataTables>({ dialect: sqliteDialect(db, 'writer') });
    this.#statements = loadStatements(db);
    this.#createdBeforeRebuild = Math.max(REBUILD_FROM, this.#statements.countObjects());
    this.#order = order;
  }

  /** @throws AppError `invalid` naming the number of the line and the field */
  async add(text: string): Promise<void> {
    this.#line += 1;
    if (text.trim() === '') return;
    try {
      const line = parseLoadLine(text, { date: this.#order.date, ownerId: this.#order.user.id });
      if (line.kind === 'object') this.#putObject(line);
      else await this.#putProject(line);
    } catch (error) {
      throw error instanceof FieldError ? lineError(this.#line, error) : error;
    }
  }

  /** Number of the line that is read next. */
  get nextLine(): number {
    return this.#line + 1;
  }

  /** Checks what only the whole input can show, and completes what depended on it. */
  async finish(bytes: number): Promise<LoadResult> {
    if (this.#isRebuilding) this.#statements.createIndexes();
    this.#checkProjects();
    this.#checkFolders();
    this.#inheritAcls();
    this.#checkLogins();
    const objects = this.#created + this.#updated;
    const counts = { projects: this.#projects, objects, created: this.#created, updated: this.#updated, bytes };
    for (const [userId, password] of this.#passwords) await loadCredential(this.#tables, userId, password);
    if (this.#projects + objects > 0) {
      const { user, date } = this.#order;
      await journalWriter(this.#tables).record({ kind: 'load', user, date, summary: { ...counts }, entries: [] });
    }
    for (const scope of this.#scopes.keys()) await objectWriter(this.#tables).bumpRevision(scope);
    return counts;
  }

  #putObject({ record, inheritsAcl, password }: LoadedObject): void {
    const { row } = record;
    const outcome = this.#statements.putObject(record);
    if (outcome === 'other-type') {
      throw new FieldError('type', `is ${row.type}, but '${row.name}' (${row.id}) is there with another type`);
    }
    if (outcome === 'created') this.#created += 1;
    else this.#updated += 1;
    if (this.#created > this.#createdBeforeRebuild && !this.#isRebuilding) this.#startRebuild();
    if (!this.#scopes.has(row.scope)) this.#scopes.set(row.scope, this.#line);
    if (row.parent_id !== null) this.#statements.expectFolder(row.scope, row.parent_id, this.#line);
    if (outcome === 'updated') this.#statements.forgetInheriting(row);
    if (inheritsAcl) this.#statements.addInheriting(row);
    this.#hasFolders ||= row.type === FOLDER_TYPE;
    if (row.subtype !== USER_SUBTYPE) return;
    this.#hasUsers = true;
    if (password !== undefined) this.#passwords.set(row.id, password);
  }

  /** From here on the indexes are not kept up; `finish` builds them anew before anything needs them. */
  #startRebuild(): void {
    this.#statements.dropIndexes();
    this.#isRebuilding = true;
  }

  async #putProject(line: LoadedProject): Promise<void> {
    this.#projects += 1;
    if (!this.#scopes.has(line.id)) this.#scopes.set(line.id, this.#line);
    try {
      await putProject(this.#tables, line, this.#order);
    } catch (error) {
      if (error instanceof AppError && error.kind === 'conflict')
        throw new FieldError('name', `is taken. ${error.message}`);
      throw error;
    }
  }

  #checkProjects(): void {
    for (const [scope, line] of this.#scopes) {
      if (scope === CONFIGURATION_SCOPE || this.#statements.hasProject(scope)) continue;
      const problem = `${scope} is not a project. Load a line of kind "project" for it with the objects`;
      throw lineError(line, new FieldError('projectId', problem));
    }
  }

  #checkFolders(): void {
    const missing = this.#statements.findMissingFolder();
    if (missing) {
      const problem = `${missing.parent_id} is not a folder where the object lives. Load the folder as well`;
      throw lineError(missing.line, new FieldError('parentId', problem));
    }
    for (const scope of this.#hasFolders ? this.#scopes.keys() : []) {
      const folder = this.#statements.findUnrootedFolder(scope);
      if (folder === undefined) continue;
      throw new AppError(
        'invalid',
        `Nothing was loaded. The folder '${folder.name}' (${folder.id}) lies in a circle of folders: check its parentId.`,
      );
    }
  }

  /** Folders first and from above, so that each hands down what it has itself been handed. */
  #inheritAcls(): void {
    const waiting = new Map(
      this.#statements.listInheritingFolders().map((folder) => [folder.scope + folder.id, folder]),
    );
    for (const folder of waiting.values()) {
      const chain = [];
      for (let at: typeof folder | undefined = folder; at && waiting.delete(at.scope + at.id);) {
        chain.push(at);
        at = waiting.get(at.scope + at.parent_id);
      }
      for (const each of chain.toReversed()) this.#statements.giveAcl(this.#inheritedAclId(each), each.scope, each.id);
    }
    for (const group of this.#statements.listInheritingGroups()) {
      this.#statements.giveAclToGroup(this.#inheritedAclId(group), group);
    }
  }

  #inheritedAclId(group: InheritingGroup): string {
    const entries = this.#statements.findAclEntries(group.scope, group.parent_id);
    const folderAcl = entries === undefined ? CONFIGURATION_ACL : (JSON.parse(entries) as AclEntry[]);
    const acl = internAcl(inheritedAcl(folderAcl, group.owner_id, group.is_folder === 1));
    this.#statements.internAcl(acl.id, acl.entries);
    return acl.id;
  }

  /** Two users of one login name would make it a matter of chance who logs in. */
  #checkLogins(): void {
    const idByLogin = new Map<string, string>();
    for (const { id, name, login } of this.#hasUsers ? this.#statements.iterateLogins() : []) {
      const other = login === '' ? undefined : idByLogin.get(loginKey(login));
      if (other !== undefined) {
        throw new AppError(
          'invalid',
          `Nothing was loaded. definition.username: the user '${name}' (${id}) has the login name '${login}' of the user with id ${other}.`,
        );
      }
      idByLogin.set(loginKey(login), id);
    }
  }
}

function lineError(line: number, error: FieldError): AppError {
  const field = error.field === 'line' ? '' : ` ${error.field}`;
  return new AppError('invalid', `Nothing was loaded. Line ${line}:${field} ${error.message.replace(/\.$/, '')}.`);
}

async function putProject(tables: Kysely<MetadataTables>, line: LoadedProject, order: LoadOrder): Promise<void> {
  const existing = await projectRepository(tables).find(line.id);
  if (existing === undefined) {
    const description = line.description ?? '';
    await createProject(tables, { ...line, description, ownerId: order.user.id, date: order.date });
    return;
  }
  await refuseTakenName(tables, line);
  const description = line.description ?? existing.description;
  if (existing.name === line.name && existing.description === description) return;
  await projectRepository(tables).update(line.id, { name: line.name, description, date_modified: order.date });
}
