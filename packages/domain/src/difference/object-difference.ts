import { canonicalAcl } from '../objects/acl.ts';
import type { AclEntry, JsonObject } from '../objects/metadata-object.ts';
import { jsonDifference, type JsonChange } from './json-difference.ts';

/** An object as one side has it, as far as it can differ from the other side. */
export interface ObjectSide {
  readonly name: string;
  readonly subtype: number;
  readonly description: string;
  readonly abbreviation: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly hidden: boolean;
  readonly acl: readonly AclEntry[];
  /** Null when it is too large to be compared member by member; only that it differs is told then. */
  readonly definition: JsonObject | null;
  /** `{target: {lcid: text}}`. */
  readonly translations: JsonObject;
}

/** What a change does, seen from the target: the package would add, remove or change it. */
export type ChangeKind = 'added' | 'removed' | 'changed';

/** Two values of one thing; the side that lacks it has no key. */
export interface Pair<T> {
  readonly change: ChangeKind;
  readonly target?: T;
  readonly package?: T;
}

export const COMPARED_PROPERTIES = [
  'name',
  'subtype',
  'description',
  'abbreviation',
  'parentId',
  'ownerId',
  'version',
  'dateCreated',
  'dateModified',
  'hidden',
] as const;
export type ComparedProperty = (typeof COMPARED_PROPERTIES)[number];

export interface PropertyChange extends Pair<string | number | boolean | null> {
  readonly property: ComparedProperty;
}

/** Rights of one trustee. `kind` tells entries for the object from those for what is created in a folder. */
export interface AclChange extends Pair<number> {
  readonly trusteeId: string;
  readonly deny: boolean;
  readonly inheritable: boolean;
}

export interface TranslationChange extends Pair<string> {
  /** Number of the language. */
  readonly lcid: string;
  /** What is translated: `1:0:` the name, `1:2:` the description, others are texts of the definition. */
  readonly text: string;
}

export interface ObjectDifference {
  readonly properties: readonly PropertyChange[];
  readonly definition: readonly JsonChange[];
  readonly acl: readonly AclChange[];
  readonly translations: readonly TranslationChange[];
}

/** What a package's copy of an object has that the target's has not, and the other way round; null is "not there". */
export function objectDifference(target: ObjectSide | null, incoming: ObjectSide | null): ObjectDifference {
  return {
    properties: propertyChanges(target, incoming),
    definition: definitionChanges(target, incoming),
    acl: aclChanges(target?.acl ?? [], incoming?.acl ?? []),
    translations: translationChanges(target?.translations ?? {}, incoming?.translations ?? {}),
  };
}

function propertyChanges(target: ObjectSide | null, incoming: ObjectSide | null): PropertyChange[] {
  return COMPARED_PROPERTIES.flatMap((property) => {
    const pair = pairOf(target?.[property], incoming?.[property]);
    return pair === null ? [] : [{ property, ...pair }];
  });
}

function pairOf<T>(target: T | undefined, incoming: T | undefined): Pair<T> | null {
  if (target === incoming) return null;
  if (target === undefined) return { change: 'added', package: incoming as T };
  if (incoming === undefined) return { change: 'removed', target };
  return { change: 'changed', target, package: incoming };
}

function definitionChanges(target: ObjectSide | null, incoming: ObjectSide | null): readonly JsonChange[] {
  if (target?.definition === null || incoming?.definition === null) return [];
  return jsonDifference(target?.definition ?? {}, incoming?.definition ?? {});
}

const aclKeyOf = ({ trusteeId, deny, inheritable }: AclEntry): string => `${trusteeId} ${deny} ${inheritable}`;

function aclChanges(target: readonly AclEntry[], incoming: readonly AclEntry[]): AclChange[] {
  const before = new Map(canonicalAcl(target).map((entry) => [aclKeyOf(entry), entry]));
  const after = new Map(canonicalAcl(incoming).map((entry) => [aclKeyOf(entry), entry]));
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key) => {
    const entry = before.get(key) ?? after.get(key);
    const pair = pairOf(before.get(key)?.rights, after.get(key)?.rights);
    if (!entry || pair === null) return [];
    const { trusteeId, deny, inheritable } = entry;
    return [{ trusteeId, deny, inheritable, ...pair }];
  });
}

function translationChanges(target: JsonObject, incoming: JsonObject): TranslationChange[] {
  const before = textsOf(target);
  const after = textsOf(incoming);
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key) => {
    const pair = pairOf(before.get(key), after.get(key));
    const [lcid = '', text = ''] = key.split('\n');
    return pair === null ? [] : [{ lcid, text, ...pair }];
  });
}

/** The texts by language and what they are of. */
function textsOf(translations: JsonObject): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [text, values] of Object.entries(translations)) {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) continue;
    for (const [lcid, value] of Object.entries(values)) {
      if (typeof value === 'string') texts.set(`${lcid}\n${text}`, value);
    }
  }
  return texts;
}
