import { aclText } from '../src/objects/acl.ts';
import type { AclEntry } from '../src/objects/metadata-object.ts';
import type { AclBook, ExistingObject, IncomingObject, PlanContext, PlanSettings } from '../src/planner/plan-types.ts';

/** 32 upper-case hex digits for a small number or a short text, readable in failures where it is a number. */
export function anId(seed: number | string): string {
  if (typeof seed === 'number') return seed.toString(16).toUpperCase().padStart(32, '0');
  // FNV-1a, four times with different offsets: spreads well enough for tests, and needs no import.
  const part = (offset: number): string => {
    let hash = offset >>> 0;
    for (let index = 0; index < seed.length; index += 1) {
      hash = Math.imul(hash ^ seed.charCodeAt(index), 16777619) >>> 0;
    }
    return hash.toString(16).toUpperCase().padStart(8, '0');
  };
  return part(2166136261) + part(84696351) + part(1540483477) + part(668265263);
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** A wire date that many seconds after the start of 2020. */
export function aDate(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `2020-01-01T${pad(hours)}:${pad(minutes)}:${pad(rest)}.000+0000`;
}

export function anEntry(overrides: Partial<AclEntry> = {}): AclEntry {
  return { trusteeId: anId(900), rights: 199, deny: false, inheritable: false, ...overrides };
}

export const IMPORTER = anId(999);
export const OWNER = anId(900);
export const NOW = aDate(7200);

/** Lists under their own text, as the contract of `AclBook` asks. */
export function anAclBook(): AclBook {
  const lists = new Map<string, readonly AclEntry[]>();
  return {
    get: (aclId) => lists.get(aclId) ?? [],
    put(entries) {
      const aclId = aclText(entries);
      lists.set(aclId, entries);
      return aclId;
    },
  };
}

export const NO_ACL = aclText([]);

/** A metric of the owner, version 1, in folder 1. */
export function anIncoming(overrides: Partial<IncomingObject> = {}): IncomingObject {
  return {
    role: 'content',
    action: 'replace',
    absent: false,
    id: anId(100),
    type: 4,
    subtype: 1024,
    name: 'Profit',
    parentId: anId(1),
    ownerId: OWNER,
    version: anId(5001),
    dateCreated: aDate(10),
    dateModified: aDate(100),
    description: '',
    abbreviation: '',
    hidden: false,
    aclId: NO_ACL,
    bodyHash: 'body-1',
    contactsHash: null,
    hasContents: false,
    changesTexts: false,
    ...overrides,
  };
}

/** The same metric as `anIncoming`, as it is on the target. */
export function anExisting(overrides: Partial<ExistingObject> = {}): ExistingObject {
  return {
    id: anId(100),
    type: 4,
    subtype: 1024,
    name: 'Profit',
    parentId: anId(1),
    ownerId: OWNER,
    version: anId(5001),
    dateCreated: aDate(5),
    dateModified: aDate(100),
    description: '',
    abbreviation: '',
    hidden: false,
    aclId: NO_ACL,
    bodyHash: 'body-1',
    contactsHash: null,
    ...overrides,
  };
}

export const aFolder = { type: 8, subtype: 2048, name: 'Sales', id: anId(20) } as const;

export interface ContextOptions extends Partial<Omit<PlanContext, 'settings'>> {
  readonly settings?: Partial<PlanSettings>;
  readonly importId?: string;
}

/** Replaces keep the target's ACL, new objects the source's; everybody but ids 950 to 959 exists. */
export function aContext(options: ContextOptions = {}): PlanContext {
  const { settings, importId = 'import-1', ...rest } = options;
  const missing = new Set(Array.from({ length: 10 }, (_, index) => anId(950 + index)));
  return {
    settings: {
      aclOnReplacingObjects: 'use_existing',
      aclOnNewObjects: ['keep_acl_as_source_object'],
      nameClash: 'rename',
      ...settings,
    },
    importerId: IMPORTER,
    now: NOW,
    deriveId: (seed) => anId(`${importId}:${seed}`),
    principalExists: (id) => !missing.has(id),
    acls: anAclBook(),
    existingFolderAcl: () => null,
    ...rest,
  };
}
