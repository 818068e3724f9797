import { levelOf, type PackageEntry } from '@longshore/domain';
import type { ObjectLines } from '@longshore/package-file';
import type { ContentEntry } from '../migration-jobs.ts';
import type { SourceObject } from './package-source.repository.ts';
import type { AbsentEntry, Choice, SelectedEntry } from './package-selection.ts';

/** Turns a batch of selected objects into the lines that stand for them. */
export type Freeze = (batch: readonly FrozenPart[]) => Promise<ObjectLines[]>;

/** A selected object as the source has it. */
export interface FrozenPart {
  readonly entry: SelectedEntry;
  readonly object: SourceObject;
  /** What it uses, as the JSON text that stands in its header. */
  readonly references: string;
}

/** @throws Error when a selected object is not there, which cannot be: it was selected in the same snapshot */
export const wholeParts = (
  entries: readonly SelectedEntry[],
  objects: ReadonlyMap<string, SourceObject>,
  references: readonly string[],
): FrozenPart[] =>
  entries.map((entry, index) => {
    const object = objects.get(entry.id);
    if (!object) throw new Error(`Object ${entry.id} vanished from a snapshot.`);
    return { entry, object, references: references[index] ?? '[]' };
  });

/** Freezes objects as they are. */
export const freezeObjects: Freeze = async (batch) => batch.map(objectLines);

/** The two lines of an object as the source has it. */
function objectLines({ entry, object, references }: FrozenPart): ObjectLines {
  const before = JSON.stringify(plainPart(entry.choice, object)).slice(0, -1);
  const after = JSON.stringify(partAfterReferences(object)).slice(1);
  // These are put in as the texts that they are there as: they would be parsed and written again for every object.
  return { header: `${before},"acl":${object.acl},"references":${references},${after}`, body: object.definition };
}

type AfterReferences = 'bodyHash' | 'contactsHash' | 'translations' | 'uses';

function plainPart(choice: Choice, object: SourceObject): Omit<PackageEntry, 'acl' | 'references' | AfterReferences> {
  return {
    role: choice.role,
    action: choice.action,
    absent: false,
    id: object.id,
    type: object.type,
    subtype: object.subtype,
    name: object.name,
    description: object.description,
    abbreviation: object.abbreviation,
    parentId: choice.targetParentId ?? object.parentId,
    ownerId: object.ownerId,
    version: object.version,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    hidden: object.hidden === 1,
  };
}

function partAfterReferences(object: SourceObject): Pick<PackageEntry, AfterReferences> {
  return {
    bodyHash: object.bodyHash,
    contactsHash: object.contactsHash,
    translations: object.translations,
    uses: object.uses,
  };
}

/** What the record shows of an object. */
export function contentEntry({ entry: { choice }, object }: FrozenPart): ContentEntry {
  return {
    id: object.id,
    name: object.name,
    type: object.type,
    version: object.version,
    owner: { id: object.ownerId },
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    action: choice.action,
    includeDependents: choice.includeDependents,
    explicitIncluded: choice.explicitIncluded,
    level: levelOf(object.type),
    ...(choice.targetParentId === undefined ? {} : { parentId: choice.targetParentId }),
  };
}

const NO_ID = '0'.repeat(32);

/** An object to be deleted on the target that the source no longer has: a header without a body. */
export function absentLines(entry: AbsentEntry): ObjectLines {
  const { id, type, name = '' } = entry.requested;
  const header: PackageEntry = {
    role: 'content',
    action: entry.action,
    absent: true,
    id,
    type,
    subtype: 0,
    name,
    description: '',
    abbreviation: '',
    parentId: null,
    ownerId: NO_ID,
    version: NO_ID,
    dateCreated: '',
    dateModified: '',
    hidden: false,
    acl: [],
    references: [],
    bodyHash: '',
    contactsHash: null,
    translations: '{}',
    uses: '[]',
  };
  return { header: JSON.stringify(header), body: 'null' };
}

export function absentContentEntry({ requested, action }: AbsentEntry): ContentEntry {
  const { id, type, name = '' } = requested;
  return { id, name, type, action, includeDependents: false, explicitIncluded: true, level: levelOf(type) };
}
