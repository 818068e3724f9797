import type { LoadResult } from '@longshore/contracts';
import { AppError } from '@longshore/contracts/errors';
import {
  CONFIGURATION_SCOPE,
  FOLDER_TYPE,
  inheritedAcl,
  USER_SUBTYPE,
  type AclEntry,
  loginKey,
} from '@longshore/domain';
import { deferIndexes, REBUILD_FROM } from '../../platform/db/deferred-indexes.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { internAcl } from '../../platform/hash.ts';
import { loadCredential } from '../auth/credentials.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { CONFIGURATION_ACL } from '../objects/configuration-acl.ts';
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

/** Objects that are put at once: bounds what is held in memory. */
const BATCH = 200;

interface WaitingObject extends LoadedObject {
  readonly line: number;
}

/**
 * One bulk load: lines in their order, then `finish`. Runs inside a transaction that its owner begins and ends; any
 * error means that nothing of it may be committed.
 */
export class MetadataLoad {
  readonly #tables: Executor<MetadataTables>;
  readonly #statements: LoadStatements;
  readonly #order: LoadOrder;
  readonly #scopes = new Map<string, number>();
  readonly #passwords = new Map<string, string>();
  #line = 0;
  #projects = 0;
  #created = 0;
  #updated = 0;
  readonly #waiting = new Map<string, WaitingObject>();
  /** A load that has created more objects than this and than there were is worth building the indexes anew. */
  #createdBeforeRebuild = REBUILD_FROM;
  #buildIndexes: (() => Promise<void>) | undefined;
  #hasUsers = false;
  #hasFolders = false;

  private constructor(tx: Executor<MetadataTables>, order: LoadOrder) {
    this.#tables = tx;
    this.#statements = loadStatements(tx);
    this.#order = order;
  }

  static async begin(tx: Executor<MetadataTables>, order: LoadOrder): Promise<MetadataLoad> {
    const load = new MetadataLoad(tx, order);
    await load.#statements.prepare();
    load.#createdBeforeRebuild = Math.max(REBUILD_FROM, await load.#statements.countObjects());
    return load;
  }

  /** @throws AppError `invalid` naming the number of the line and the field */
  async add(text: string): Promise<void> {
    this.#line += 1;
    if (text.trim() === '') return;
    try {
      const line = parseLoadLine(text, { date: this.#order.date, ownerId: this.#order.user.id });
      if (line.kind === 'object') await this.#addObject(line);
      else await this.#putProject(line);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      // What is wrong with an earlier line comes first.
      await this.#flush();
      throw lineError(this.#line, error);
    }
  }

  /** Number of the line that is read next. */
  get nextLine(): number {
    return this.#line + 1;
  }

  /** Checks what only the whole input can show, and completes what depended on it. */
  async finish(bytes: number): Promise<LoadResult> {
    await this.#flush();
    await this.#buildIndexes?.();
    await this.#checkProjects();
    await this.#checkFolders();
    await this.#inheritAcls();
    await this.#checkLogins();
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

  async #addObject(object: LoadedObject): Promise<void> {
    const { scope, id } = object.record.row;
    if (this.#waiting.has(scope + id) || this.#waiting.size >= BATCH) await this.#flush();
    this.#waiting.set(scope + id, { ...object, line: this.#line });
  }

  /** Puts the objects that wait; one after another when several lines are about one object. */
  async #flush(): Promise<void> {
    const objects = [...this.#waiting.values()];
    this.#waiting.clear();
    const outcomes = await this.#statements.putObjects(objects.map(({ record }) => record));
    const refused = objects[outcomes.indexOf('other-type')];
    if (refused) {
      const { row } = refused.record;
      const problem = `is ${row.type}, but '${row.name}' (${row.id}) is there with another type`;
      throw lineError(refused.line, new FieldError('type', problem));
    }
    for (const object of objects) this.#note(object);
    const created = outcomes.filter((outcome) => outcome === 'created').length;
    this.#created += created;
    this.#updated += outcomes.length - created;
    await this.#statements.expectFolders(
      objects.flatMap(({ record: { row }, line }) =>
        row.parent_id === null ? [] : [{ scope: row.scope, parent_id: row.parent_id, line }],
      ),
    );
    const updated = objects.filter((_, index) => outcomes[index] === 'updated');
    await this.#statements.forgetInheriting(updated.map(({ record }) => record.row));
    const inheriting = objects.filter(({ inheritsAcl }) => inheritsAcl);
    await this.#statements.addInheriting(inheriting.map(({ record }) => record.row));
    // From here on the indexes are not kept up; `finish` builds them anew before anything needs them.
    if (this.#created > this.#createdBeforeRebuild) {
      this.#buildIndexes ??= await deferIndexes(this.#tables, ['object', 'object_reference']);
    }
  }

  #note({ record: { row }, password, line }: WaitingObject): void {
    if (!this.#scopes.has(row.scope)) this.#scopes.set(row.scope, line);
    this.#hasFolders ||= row.type === FOLDER_TYPE;
    if (row.subtype !== USER_SUBTYPE) return;
    this.#hasUsers = true;
    if (password !== undefined) this.#passwords.set(row.id, password);
  }

  async #putProject(line: LoadedProject): Promise<void> {
    await this.#flush();
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

  async #checkProjects(): Promise<void> {
    for (const [scope, line] of this.#scopes) {
      if (scope === CONFIGURATION_SCOPE || (await this.#statements.hasProject(scope))) continue;
      const problem = `${scope} is not a project. Load a line of kind "project" for it with the objects`;
      throw lineError(line, new FieldError('projectId', problem));
    }
  }

  async #checkFolders(): Promise<void> {
    const missing = await this.#statements.findMissingFolder();
    if (missing) {
      const problem = `${missing.parent_id} is not a folder where the object lives. Load the folder as well`;
      throw lineError(missing.line, new FieldError('parentId', problem));
    }
    for (const scope of this.#hasFolders ? this.#scopes.keys() : []) {
      const folder = await this.#statements.findUnrootedFolder(scope);
      if (folder === undefined) continue;
      throw new AppError(
        'invalid',
        `Nothing was loaded. The folder '${folder.name}' (${folder.id}) lies in a circle of folders: check its parentId.`,
      );
    }
  }

  /** Folders first and from above, so that each hands down what it has itself been handed. */
  async #inheritAcls(): Promise<void> {
    const waiting = new Map(
      (await this.#statements.listInheritingFolders()).map((folder) => [folder.scope + folder.id, folder]),
    );
    for (const folder of waiting.values()) {
      const chain = [];
      for (let at: typeof folder | undefined = folder; at && waiting.delete(at.scope + at.id);) {
        chain.push(at);
        at = waiting.get(at.scope + at.parent_id);
      }
      for (const each of chain.toReversed()) {
        await this.#statements.giveAcl(await this.#inheritedAclId(each), each.scope, each.id);
      }
    }
    for (const group of await this.#statements.listInheritingGroups()) {
      await this.#statements.giveAclToGroup(await this.#inheritedAclId(group), group);
    }
  }

  async #inheritedAclId(group: InheritingGroup): Promise<string> {
    const entries = await this.#statements.findAclEntries(group.scope, group.parent_id);
    const folderAcl = entries === undefined ? CONFIGURATION_ACL : (JSON.parse(entries) as AclEntry[]);
    const acl = internAcl(inheritedAcl(folderAcl, group.owner_id, group.is_folder === 1));
    await this.#statements.internAcl(acl.id, acl.entries);
    return acl.id;
  }

  /** Two users of one login name would make it a matter of chance who logs in. */
  async #checkLogins(): Promise<void> {
    const idByLogin = new Map<string, string>();
    for (const { id, name, login } of this.#hasUsers ? await this.#statements.listLogins() : []) {
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

async function putProject(tables: Executor<MetadataTables>, line: LoadedProject, order: LoadOrder): Promise<void> {
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
