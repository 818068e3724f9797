import { AppError } from '@longshore/contracts';
import { defaultSubtype, isFolder, isPackable, isSystemObject, CONFIGURATION_SCOPE } from '@longshore/domain';
import type { CreateJob, RequestedEntry } from '../migration-jobs.ts';
import { ChosenObjects } from './chosen-objects.ts';
import { IdNumbers } from '../id-numbers.ts';
import { CallerRights } from './caller-rights.ts';
import { KeptHeaders } from './kept-headers.ts';
import { KeptReferences } from './kept-references.ts';
import { NumberTable } from '../number-table.ts';
import {
  SELECTION_BATCH,
  type AbsentEntry,
  type Choice,
  type LeftOut,
  type PackageSelection,
  type SelectedEntry,
} from './package-selection.ts';
import type { JudgedHeader, PackageSource, SourceHeader } from './package-source.repository.ts';
import type { ScopeRows } from './scope-rows.repository.ts';
import { selectedReferences } from './selected-references.ts';

/** Objects of which it is looked up at a time what they are. */
const HEADERS_AT_ONCE = 1_000;
/** From so many objects on, and from such a share of its scope, a package reads its scope as a whole. */
const LARGE_OBJECTS = 5_000;
const LARGE_SHARE = 0.2;
/** Folders above what a package holds. */
const ANCESTOR: Choice = {
  role: 'ancestor',
  action: 'use_existing',
  explicitIncluded: false,
  includeDependents: false,
};
/** Problems that a failure's message names before it only counts the rest. */
const NAMED_PROBLEMS = 20;

/**
 * Decides what a package holds (spec/semantics.md 3): the listed objects, the contents of listed folders, what they
 * need where that was asked for, and the folders above all of them.
 * @throws AppError `invalid` naming every listed object that is gone, not readable, or of the wrong kind.
 */
export async function selectContent(
  from: SelectionSource,
  job: CreateJob,
  onSelected: OnSelected,
): Promise<PackageSelection> {
  const selection = new ContentSelection(from, job);
  await selection.addListed();
  await selection.addDependents(onSelected);
  await selection.addAncestors();
  return selection.result();
}

/** Only the listed objects: of users and groups a project security package takes nothing but their links. */
export async function selectListed(from: SelectionSource, job: CreateJob): Promise<PackageSelection> {
  const selection = new ContentSelection(from, job);
  await selection.addListed();
  return selection.result();
}

/** Hears now and then how many objects were found until then. */
export type OnSelected = (objects: number) => Promise<void>;

/** Where a package comes from. */
export interface SelectionSource {
  readonly scope: string;
  readonly source: PackageSource;
  /** The scope as a whole. */
  readonly rows: ScopeRows;
}

class ContentSelection {
  readonly #source: PackageSource;
  readonly #rows: ScopeRows;
  readonly #scope: string;
  readonly #job: CreateJob;
  readonly #numbers = new IdNumbers();
  readonly #chosen = new ChosenObjects(this.#numbers);
  readonly #references: KeptReferences;
  /** Of what comes along because something needs it. */
  readonly #dependent: Choice;
  readonly #absent: AbsentEntry[] = [];
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #rights: CallerRights;
  /** Once it is known that much of the scope comes along. */
  #kept: KeptHeaders | undefined;
  #scopeObjects: number | undefined;

  constructor({ source, rows, scope }: SelectionSource, job: CreateJob) {
    this.#source = source;
    this.#rows = rows;
    this.#rights = new CallerRights(source, job.caller);
    this.#references = new KeptReferences(source, this.#numbers);
    this.#scope = scope;
    this.#job = job;
    this.#dependent = {
      role: 'dependent',
      action: job.settings.defaultAction,
      explicitIncluded: false,
      includeDependents: false,
    };
  }

  async addListed(): Promise<void> {
    // The last of several entries for one object counts.
    const requested = new Map(this.#job.content.map((entry) => [entry.id, entry]));
    const headers = await this.#source.loadHeaders([...requested.keys()]);
    await this.#rights.learn(aclIdsOf(headers.values()));
    const problems: string[] = [];
    for (const entry of requested.values()) {
      const problem = this.#addOne(entry, headers.get(entry.id));
      if (problem !== undefined) problems.push(problem);
    }
    if (problems.length > 0) throw new AppError('invalid', problemText(problems));
    for (const id of requested.keys()) {
      const header = headers.get(id);
      const choice = header && isFolder(header) ? this.#chosen.find(this.#numbers.of(id)) : undefined;
      if (choice === undefined || choice.action === 'delete') continue;
      await this.#addFolderContents(id, choice);
    }
  }

  /** Adds a listed entry; returns what is wrong with it, if anything is. */
  #addOne(entry: RequestedEntry, header: SourceHeader | undefined): string | undefined {
    const action = entry.action ?? this.#job.settings.defaultAction;
    const name = entry.name ?? header?.name;
    const identity = `type ${entry.type}, id ${entry.id}`;
    const label = name === undefined ? `with ${identity}` : `'${name}' (${identity})`;
    if (!header || header.type !== entry.type) {
      if (action === 'delete') return void this.#absent.push({ requested: entry, action });
      if (header) return `object ${label} has type ${header.type} in the source`;
      return isPackable(entry.type, defaultSubtype(entry.type), this.#job.type)
        ? `object ${label} no longer exists in the source`
        : `object ${label} cannot be part of a ${this.#job.type} package`;
    }
    if (!isPackable(header.type, header.subtype, this.#job.type)) {
      if (!isSystemObject(header)) return `object ${label} cannot be part of a ${this.#job.type} package`;
      return void this.#leaveOut(header, 'unsupported');
    }
    if (!this.#rights.isReadable(header)) return `you may not read object ${this.#shownName(header)}(${identity})`;
    this.#chosen.set(this.#numbers.of(header.id), header, {
      role: 'content',
      action,
      explicitIncluded: true,
      includeDependents: entry.includeDependents,
      ...(entry.parentId === undefined ? {} : { targetParentId: entry.parentId }),
    });
    return undefined;
  }

  /** A listed folder brings its contents, under the folder's own rule. */
  async #addFolderContents(folderId: string, { action, includeDependents }: Choice): Promise<void> {
    const choice: Choice = { role: 'content', action, explicitIncluded: false, includeDependents };
    const seen = new Set<string>();
    let folders = [folderId];
    while (folders.length > 0) {
      const children = await this.#source.loadChildren(folders);
      await this.#rights.learn(aclIdsOf(children));
      for (const header of children) {
        const object = this.#numbers.of(header.id);
        if (!this.#chosen.has(object)) this.#addReached(object, header, choice);
      }
      // A folder that lies in itself, in a damaged project, is gone into once.
      folders = children.filter((child) => isFolder(child) && !seen.has(child.id)).map((child) => child.id);
      for (const id of folders) seen.add(id);
    }
  }

  async addDependents(onSelected: OnSelected): Promise<void> {
    const seen = new NumberTable(0);
    let frontier: number[] = [];
    for (const object of this.#chosen.all()) if (this.#chosen.find(object)?.includeDependents) frontier.push(object);
    for (const object of frontier) seen.set(object, 1);
    while (frontier.length > 0) {
      await this.#references.load(frontier);
      const found = this.#unseen(frontier, seen);
      await onSelected(this.#chosen.size + found.length);
      await this.#keepScopeFor(this.#chosen.size + found.length);
      // In the order of the indexes: looked up in any other, an object costs half as much again and its references twice.
      const reached = this.#kept ? found : this.#numbers.sorted(found);
      frontier = [];
      for (let at = 0; at < reached.length; at += HEADERS_AT_ONCE) {
        await this.#addReachedObjects(reached.slice(at, at + HEADERS_AT_ONCE), frontier);
      }
    }
    seen.release();
    this.#kept?.release();
    this.#kept = undefined;
  }

  /** Of a large part of a scope all headers and references are read at once: to look up each takes three times as long. */
  async #keepScopeFor(objects: number): Promise<void> {
    if (this.#kept || objects < LARGE_OBJECTS) return;
    this.#scopeObjects ??= await this.#rows.countObjects();
    if (objects < this.#scopeObjects * LARGE_SHARE) return;
    this.#kept = await KeptHeaders.read(this.#rows, this.#numbers);
    await this.#rights.learn(this.#kept.aclIds);
    await this.#references.loadAll(this.#rows);
  }

  /** What the objects use and was not seen before; it is from now on. */
  #unseen(users: readonly number[], seen: NumberTable): number[] {
    const found: number[] = [];
    for (const user of users) {
      for (const used of this.#references.usedBy(user)) {
        if (seen.get(used) === 0) found.push(used);
        seen.set(used, 1);
      }
    }
    return found;
  }

  /** Adds objects of one level of the closure; `followed` gets those whose own needs are to be followed. */
  async #addReachedObjects(objects: readonly number[], followed: number[]): Promise<void> {
    const others = objects.filter((object) => !this.#addKept(object, followed));
    if (others.length === 0) return;
    const headers = await this.#source.loadHeaders(others.map((object) => this.#numbers.idOf(object)));
    await this.#rights.learn(aclIdsOf(headers.values()));
    const missing: string[] = [];
    for (const object of others) {
      const id = this.#numbers.idOf(object);
      const header = headers.get(id);
      if (!header) missing.push(id);
      else if (this.#isFollowed(object, header)) followed.push(object);
    }
    await this.#noteMissing(missing);
  }

  /** Adds an object that there is nothing to tell about. Whatever stays behind is named, which its kept header can not do. */
  #addKept(object: number, followed: number[]): boolean {
    const header = this.#kept?.find(object);
    if (!header || this.#chosen.has(object) || this.#faultOf(header) !== null) return false;
    this.#chosen.set(object, header, this.#dependent);
    followed.push(object);
    return true;
  }

  #isFollowed(object: number, header: SourceHeader): boolean {
    const known = this.#chosen.find(object);
    return known ? known.action !== 'delete' : this.#addReached(object, header, this.#dependent);
  }

  #addReached(object: number, header: SourceHeader, choice: Choice): boolean {
    const fault = this.#faultOf(header);
    if (fault === 'system') return false;
    if (fault !== null) return this.#leaveOut(header, fault);
    this.#chosen.set(object, header, choice);
    return true;
  }

  /** Why an object does not come along; every environment has its own system objects: they are needed, but never carried. */
  #faultOf(header: JudgedHeader): 'system' | 'unsupported' | 'unreadable' | null {
    if (isSystemObject(header)) return 'system';
    if (!isPackable(header.type, header.subtype, this.#job.type)) return 'unsupported';
    return this.#rights.isReadable(header) ? null : 'unreadable';
  }

  /** Needs of project objects that live in the configuration must be on the target by themselves. */
  async #noteMissing(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const elsewhere =
      this.#scope === CONFIGURATION_SCOPE
        ? new Set<string>()
        : await this.#source.findExisting(CONFIGURATION_SCOPE, ids);
    for (const id of ids) {
      if (!elsewhere.has(id)) this.#leftOut.set(id, { id, type: null, name: '', why: 'missing' });
    }
  }

  async addAncestors(): Promise<void> {
    let wanted = this.#foldersOf(this.#chosen.all());
    while (wanted.size > 0) {
      const headers = await this.#source.loadHeaders([...wanted].map((folder) => this.#numbers.idOf(folder)));
      const found = [...headers.values()].map((header) => ({ object: this.#numbers.of(header.id), header }));
      for (const { object, header } of found) this.#chosen.set(object, header, ANCESTOR);
      wanted = this.#foldersOf(found.map(({ object }) => object));
    }
  }

  /** The folders of objects that are not chosen themselves. */
  #foldersOf(objects: Iterable<number>): Set<number> {
    const folders = new Set<number>();
    for (const object of objects) {
      const folder = this.#chosen.parentOf(object);
      if (folder !== undefined && !this.#chosen.has(folder)) folders.add(folder);
    }
    return folders;
  }

  result(): PackageSelection {
    const order = this.#chosen.inPackageOrder();
    return {
      batches: () => this.#batches(order),
      references: selectedReferences(this.#numbers, this.#chosen, this.#references),
      release: () => {
        for (const part of [this.#numbers, this.#chosen, this.#references]) part.release();
      },
      absent: this.#absent,
      leftOut: [...this.#leftOut.values()],
      counts: {
        content: this.#chosen.countOf('content') + this.#absent.length,
        dependents: this.#chosen.countOf('dependent'),
        ancestors: this.#chosen.countOf('ancestor'),
      },
    };
  }

  async *#batches(order: Int32Array): AsyncGenerator<readonly SelectedEntry[]> {
    for (let at = 0; at < order.length; at += SELECTION_BATCH) {
      yield Array.from(order.subarray(at, at + SELECTION_BATCH), (object) => this.#chosen.entryOf(object));
    }
  }

  #leaveOut(header: SourceHeader, why: LeftOut['why']): false {
    this.#leftOut.set(header.id, {
      id: header.id,
      type: header.type,
      name: this.#rights.mayBrowse(header) ? header.name : '',
      why,
    });
    return false;
  }

  #shownName(header: SourceHeader): string {
    return this.#rights.mayBrowse(header) ? `'${header.name}' ` : '';
  }
}

const aclIdsOf = (headers: Iterable<JudgedHeader>): string[] => Array.from(headers, ({ aclId }) => aclId);

function problemText(problems: readonly string[]): string {
  const named = problems.slice(0, NAMED_PROBLEMS).join('; ');
  const rest = problems.length > NAMED_PROBLEMS ? `; and ${problems.length - NAMED_PROBLEMS} more` : '';
  return `The package cannot be created: ${named}${rest}. Remove these objects from the package, or restore them, and create it again.`;
}
