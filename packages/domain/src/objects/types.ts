import type { PackageType } from '../rules/actions.ts';
import { CONFIGURATION_TYPES } from './configuration-types.ts';
import { WELL_KNOWN } from './ids.ts';
import { isPredefinedFolder } from './predefined-folders.ts';
import { PROJECT_TYPES } from './project-types.ts';
import type { ObjectType } from './type-rows.ts';

export type { ObjectSubtype, ObjectType, TypeCategory, TypeLevel } from './type-rows.ts';

/** Every object type (spec/semantics.md 1.3), by number. */
export const OBJECT_TYPES: readonly ObjectType[] = [...PROJECT_TYPES, ...CONFIGURATION_TYPES].toSorted(
  (a, b) => a.number - b.number,
);

const typeByNumber = new Map(OBJECT_TYPES.map((type) => [type.number, type]));
const typeBySubtype = new Map(
  OBJECT_TYPES.flatMap((type) => type.subtypes.map((subtype) => [subtype.number, type.number] as const)),
);

export const FOLDER_TYPE = 8;
export const USER_TYPE = 34;
export const SECURITY_ROLE_TYPE = 44;
export const USER_SUBTYPE = 8704;
export const USER_GROUP_SUBTYPE = 8705;

/** The type with this number, `undefined` when there is none. Subtype numbers are not types: see `typeOfNumber`. */
export function findObjectType(number: number): ObjectType | undefined {
  return typeByNumber.get(number);
}

/** The type that a client means: a number of 256 or more, given where a type is expected, is a subtype. */
export function typeOfNumber(number: number): number {
  if (number < 256) return number;
  // Property groups and palettes do not hold their type in the upper bits, so the table is asked first.
  return typeBySubtype.get(number) ?? number >> 8;
}

/** The subtype of an object of which only the type is known. For an unknown type: `type * 256`. */
export function defaultSubtype(type: number): number {
  return typeByNumber.get(type)?.subtypes[0]?.number ?? type * 256;
}

/** True when the subtype is one of this type's. */
export function isKnownSubtype(type: number, subtype: number): boolean {
  return typeByNumber.get(type)?.subtypes.some((known) => known.number === subtype) ?? false;
}

/** The `level` of package content. A type that lives in both (folders) is a project object in a package. */
export function levelOf(type: number): 'project_object' | 'configuration_object' {
  return typeByNumber.get(type)?.level === 'configuration' ? 'configuration_object' : 'project_object';
}

/** True when a package of this type may hold such an object, whether listed or pulled in (spec/api.md 4.2). */
export function isPackable(type: number, subtype: number, packageType: PackageType): boolean {
  const known = typeByNumber.get(type);
  return known !== undefined && known.packable.includes(packageType) && !known.unpackableSubtypes.includes(subtype);
}

/**
 * True for what a project merge takes along: every object of a project, also those that are never content of a package
 * by themselves, because other objects may need them. Objects of the configuration are not part of a project.
 */
export function isMergeable(type: number, subtype: number): boolean {
  const known = typeByNumber.get(type);
  return known !== undefined && (known.level !== 'configuration' || isPackable(type, subtype, 'project'));
}

/** True for attributes, facts, tables and the like: objects after whose import the schema may need an update. */
export function isSchemaType(type: number): boolean {
  return typeByNumber.get(type)?.category === 'schema';
}

export function isFolder(object: { readonly type: number }): boolean {
  return object.type === FOLDER_TYPE;
}

/** True for a user, not for a group. */
export function isUser(object: { readonly type: number; readonly subtype: number }): boolean {
  return object.type === USER_TYPE && object.subtype === USER_SUBTYPE;
}

const WELL_KNOWN_PRINCIPALS: ReadonlySet<string> = new Set([
  WELL_KNOWN.administrator,
  WELL_KNOWN.everyone,
  WELL_KNOWN.guest,
  WELL_KNOWN.systemAdministrators,
  WELL_KNOWN.systemMonitors,
]);

/** System subtotal, system hierarchy, system palette, time zone, calendar and interface language. */
const SYSTEM_SUBTYPES: ReadonlySet<number> = new Set([1026, 3584, 17920, 20224, 20736, 21760]);

/**
 * True for an object that every environment has by itself. Such an object is never deleted by an import, and as a
 * dependent it is recorded as a reference only.
 */
export function isSystemObject(object: {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
}): boolean {
  return (
    SYSTEM_SUBTYPES.has(object.subtype) ||
    (object.type === USER_TYPE && WELL_KNOWN_PRINCIPALS.has(object.id)) ||
    (object.type === FOLDER_TYPE && isPredefinedFolder(object.id))
  );
}
