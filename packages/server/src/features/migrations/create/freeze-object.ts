import { levelOf, type PackageEntry } from '@longshore/domain';
import type { ObjectLines } from '@longshore/package-file';
import type { ContentEntry } from '../migration-jobs.ts';
import type { SourceObject } from './package-source.repository.ts';
import type { AbsentEntry, SelectedEntry } from './package-selection.ts';

/** Turns a batch of selected objects into the lines that stand for them. */
export type Freeze = (batch: readonly FrozenPart[]) => Promise<ObjectLines[]>;

/** A selected object as the source has it. */
export interface FrozenPart {
  readonly entry: SelectedEntry;
  readonly object: SourceObject;
}

/** The two lines of an object as the source has it. */
export function objectLines(
  entry: SelectedEntry,
  object: SourceObject,
  references: PackageEntry['references'],
): ObjectLines {
  const before = JSON.stringify(plainPart(entry, object));
  const after = JSON.stringify(partAfterAcl(object, references));
  // The list is put in as the text that it is stored as: it would be parsed and written again for every object.
  return { header: `${before.slice(0, -1)},"acl":${object.acl},${after.slice(1)}`, body: object.definition };
}

type AfterAcl = 'references' | 'bodyHash' | 'contactsHash' | 'translations' | 'uses';

function plainPart(entry: SelectedEntry, object: SourceObject): Omit<PackageEntry, 'acl' | AfterAcl> {
  return {
    role: entry.role,
    action: entry.action,
    absent: false,
    id: object.id,
    type: object.type,
    subtype: object.subtype,
    name: object.name,
    description: object.description,
    abbreviation: object.abbreviation,
    parentId: entry.targetParentId ?? object.parentId,
    ownerId: object.ownerId,
    version: object.version,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    hidden: object.hidden === 1,
  };
}

function partAfterAcl(object: SourceObject, references: PackageEntry['references']): Pick<PackageEntry, AfterAcl> {
  return {
    references,
    bodyHash: object.bodyHash,
    contactsHash: object.contactsHash,
    translations: object.translations,
    uses: object.uses,
  };
}

/** What the record shows of an object. */
export function contentEntry(entry: SelectedEntry, object: SourceObject): ContentEntry {
  return {
    id: object.id,
    name: object.name,
    type: object.type,
    version: object.version,
    owner: { id: object.ownerId },
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    action: entry.action,
    includeDependents: entry.includeDependents,
    explicitIncluded: entry.explicitIncluded,
    level: levelOf(object.type),
    ...(entry.targetParentId === undefined ? {} : { parentId: entry.targetParentId }),
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
