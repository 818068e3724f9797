import { AppError } from '@longshore/contracts';
import {
  defaultSubtype,
  isPackable,
  isSystemObject,
  CONFIGURATION_SCOPE,
  effectiveRights,
  RIGHTS,
  type AclEntry,
  type ConflictAction,
} from '@longshore/domain';
import type { CreateJob, RequestedEntry } from '../migration-jobs.ts';
import { KeptReferences } from './kept-references.ts';
import {
  selectionOf,
  type AbsentEntry,
  type LeftOut,
  type PackageSelection,
  type SelectedEntry,
} from './package-selection.ts';
import type { PackageSource, SourceHeader } from './package-source.repository.ts';

const FOLDER = 8;
/** What a caller without the bypass privilege needs on an object to pack it. */
const READABLE = RIGHTS.browse | RIGHTS.read;
/** Problems that a failure's message names before it only counts the rest. */
const NAMED_PROBLEMS = 20;

/**
 * Decides what a package holds (spec/semantics.md 3): the listed objects, the contents of listed folders, what they
 * need where that was asked for, and the folders above all of them.
 * @throws AppError `invalid` naming every listed object that is gone, not readable, or of the wrong kind.
 */
export async function selectContent(source: PackageSource, scope: string, job: CreateJob): Promise<PackageSelection> {
  const selection = new ContentSelection(source, scope, job);
  await selection.addListed();
  await selection.addDependents();
  await selection.addAncestors();
  return selection.result();
}

/** Only the listed objects: of users and groups a project security package takes nothing but their links. */
export async function selectListed(source: PackageSource, scope: string, job: CreateJob): Promise<PackageSelection> {
  const selection = new ContentSelection(source, scope, job);
  await selection.addListed();
  return selection.result();
}

class ContentSelection {
  readonly #source: PackageSource;
  readonly #scope: string;
  readonly #job: CreateJob;
  readonly #entries = new Map<string, SelectedEntry>();
  readonly #ancestors = new Map<string, SelectedEntry>();
  readonly #references: KeptReferences;
  readonly #absent: AbsentEntry[] = [];
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #rightsByAcl = new Map<string, number>();

  constructor(source: PackageSource, scope: string, job: CreateJob) {
    this.#source = source;
    this.#references = new KeptReferences(source);
    this.#scope = scope;
    this.#job = job;
  }

  async addListed(): Promise<void> {
    // The last of several entries for one object counts.
    const requested = new Map(this.#job.content.map((entry) => [entry.id, entry]));
    const headers = await this.#source.loadHeaders([...requested.keys()]);
    await this.#learnRights(headers.values());
    const problems: string[] = [];
    for (const entry of requested.values()) {
      const problem = this.#addOne(entry, headers.get(entry.id));
      if (problem !== undefined) problems.push(problem);
    }
    if (problems.length > 0) throw new AppError('invalid', problemText(problems));
    const listed = Array.from(this.#entries.values());
    for (const entry of listed) {
      if (entry.header.type === FOLDER && entry.action !== 'delete') await this.#addFolderContents(entry);
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
    if (!this.#isReadable(header)) return `you may not read object ${this.#shownName(header)}(${identity})`;
    this.#entries.set(header.id, {
      header,
      role: 'content',
      action,
      explicitIncluded: true,
      includeDependents: entry.includeDependents,
      ...(entry.parentId === undefined ? {} : { targetParentId: entry.parentId }),
    });
    return undefined;
  }

  /** A listed folder brings its contents, under the folder's own rule. */
  async #addFolderContents(folder: SelectedEntry): Promise<void> {
    const seen = new Set<string>();
    let folders = [folder.header.id];
    while (folders.length > 0) {
      const children = await this.#source.loadChildren(folders);
      await this.#learnRights(children);
      for (const header of children) {
        if (!this.#entries.has(header.id)) {
          this.#addReached(header, 'content', folder.action, folder.includeDependents);
        }
      }
      // A folder that lies in itself, in a damaged project, is gone into once.
      folders = children.filter((child) => child.type === FOLDER && !seen.has(child.id)).map((child) => child.id);
      for (const id of folders) seen.add(id);
    }
  }

  async addDependents(): Promise<void> {
    const starts = [...this.#entries.values()].filter((entry) => entry.includeDependents).map((e) => e.header.id);
    const seen = new Set(starts);
    let frontier = starts;
    while (frontier.length > 0) {
      await this.#references.load(frontier);
      const reached: string[] = [];
      for (const id of this.#references.usedBy(frontier)) {
        if (seen.has(id)) continue;
        seen.add(id);
        reached.push(id);
      }
      frontier = await this.#addReachedIds(reached);
    }
  }

  /** Adds the objects of one level of the closure; returns those whose own needs are to be followed. */
  async #addReachedIds(ids: readonly string[]): Promise<string[]> {
    const headers = await this.#source.loadHeaders(ids);
    await this.#learnRights(headers.values());
    await this.#noteMissing(ids.filter((id) => !headers.has(id)));
    const followed: string[] = [];
    for (const header of headers.values()) {
      const known = this.#entries.get(header.id);
      if (
        known
          ? known.action !== 'delete'
          : this.#addReached(header, 'dependent', this.#job.settings.defaultAction, false)
      ) {
        followed.push(header.id);
      }
    }
    return followed;
  }

  #addReached(
    header: SourceHeader,
    role: 'content' | 'dependent',
    action: ConflictAction,
    includeDependents: boolean,
  ): boolean {
    // Every environment has its own system objects: they are needed, but never carried.
    if (isSystemObject(header)) return false;
    if (!isPackable(header.type, header.subtype, this.#job.type)) return this.#leaveOut(header, 'unsupported');
    if (!this.#isReadable(header)) return this.#leaveOut(header, 'unreadable');
    this.#entries.set(header.id, { header, role, action, explicitIncluded: false, includeDependents });
    return true;
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
    let wanted = new Set(parentsOf(this.#entries.values()));
    while (wanted.size > 0) {
      const missing = [...wanted].filter((id) => !this.#entries.has(id) && !this.#ancestors.has(id));
      const headers = await this.#source.loadHeaders(missing);
      const added = [...headers.values()].map((header) => this.#addAncestor(header));
      wanted = new Set(parentsOf(added));
    }
  }

  #addAncestor(header: SourceHeader): SelectedEntry {
    const entry: SelectedEntry = {
      header,
      role: 'ancestor',
      action: 'use_existing',
      explicitIncluded: false,
      includeDependents: false,
    };
    this.#ancestors.set(header.id, entry);
    return entry;
  }

  result(): PackageSelection {
    return selectionOf(inPackageOrder([...this.#ancestors.values(), ...this.#entries.values()]), {
      holds: (id) => this.#entries.has(id) || this.#ancestors.has(id),
      references: this.#references,
      absent: this.#absent,
      leftOut: [...this.#leftOut.values()],
    });
  }

  #leaveOut(header: SourceHeader, why: LeftOut['why']): false {
    this.#leftOut.set(header.id, {
      id: header.id,
      type: header.type,
      name: this.#mayBrowse(header) ? header.name : '',
      why,
    });
    return false;
  }

  #isReadable(header: SourceHeader): boolean {
    return (this.#rightsOn(header) & READABLE) === READABLE;
  }

  /** Whoever may not even browse an object is not told its name. */
  #mayBrowse(header: SourceHeader): boolean {
    return (this.#rightsOn(header) & RIGHTS.browse) !== 0;
  }

  #shownName(header: SourceHeader): string {
    return this.#mayBrowse(header) ? `'${header.name}' ` : '';
  }

  #rightsOn(header: SourceHeader): number {
    return this.#job.caller.bypassesSecurity ? RIGHTS.full : (this.#rightsByAcl.get(header.aclId) ?? 0);
  }

  /** Few access control lists are distinct, so each is judged once. */
  async #learnRights(headers: Iterable<SourceHeader>): Promise<void> {
    if (this.#job.caller.bypassesSecurity) return;
    const unknown = new Set([...headers].map((h) => h.aclId).filter((id) => !this.#rightsByAcl.has(id)));
    if (unknown.size === 0) return;
    for (const [aclId, entries] of await this.#source.loadAcls([...unknown])) {
      const rights = effectiveRights(JSON.parse(entries) as AclEntry[], this.#job.caller.principalIds, {
        userId: this.#job.caller.id,
      });
      this.#rightsByAcl.set(aclId, rights);
    }
  }
}

function parentsOf(entries: Iterable<SelectedEntry>): string[] {
  return [...entries].flatMap((entry) => (entry.header.parentId === null ? [] : [entry.header.parentId]));
}

/** Folders first, each before what is in it; then everything else by type and id. The order is part of the bytes. */
function inPackageOrder(entries: SelectedEntry[]): SelectedEntry[] {
  const entryOf = new Map(entries.map((entry) => [entry.header.id, entry]));
  const depths = new Map<string, number>();
  const depthOf = (entry: SelectedEntry): number => {
    let depth = 0;
    const path = new Set<string>();
    for (let at = entry; at.header.parentId !== null && !path.has(at.header.id); depth += 1) {
      path.add(at.header.id);
      const parent = entryOf.get(at.header.parentId);
      if (!parent) break;
      at = parent;
    }
    return depth;
  };
  const folders = entries.filter((entry) => entry.header.type === FOLDER);
  for (const entry of folders) depths.set(entry.header.id, depthOf(entry));
  const rank = (entry: SelectedEntry): number => depths.get(entry.header.id) ?? 0;
  return [
    ...folders.toSorted((a, b) => rank(a) - rank(b) || byId(a, b)),
    ...entries.filter((entry) => entry.header.type !== FOLDER).toSorted(byTypeAndId),
  ];
}

const byId = (a: SelectedEntry, b: SelectedEntry): number => (a.header.id < b.header.id ? -1 : 1);
const byTypeAndId = (a: SelectedEntry, b: SelectedEntry): number => a.header.type - b.header.type || byId(a, b);

function problemText(problems: readonly string[]): string {
  const named = problems.slice(0, NAMED_PROBLEMS).join('; ');
  const rest = problems.length > NAMED_PROBLEMS ? `; and ${problems.length - NAMED_PROBLEMS} more` : '';
  return `The package cannot be created: ${named}${rest}. Remove these objects from the package, or restore them, and create it again.`;
}
