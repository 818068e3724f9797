import type { PackageType } from '../rules/actions.ts';

/** Where objects of a type live. Folders and a few others live in projects and in the configuration. */
export type TypeLevel = 'project' | 'configuration' | 'both';
export type TypeCategory = 'schema' | 'application' | 'configuration';

export interface ObjectSubtype {
  readonly number: number;
  readonly name: string;
  /** Lower-case name that definitions use for the subtype. */
  readonly apiName: string;
}

export interface ObjectType {
  readonly number: number;
  readonly name: string;
  /** Lower-case name as in the path of `GET /api/objects/{type}/{id}/translations`. */
  readonly apiName: string;
  readonly level: TypeLevel;
  readonly category: TypeCategory;
  /** The first one is the default. */
  readonly subtypes: readonly ObjectSubtype[];
  /** Packages that may hold objects of this type. */
  readonly packable: readonly PackageType[];
  /** Subtypes that no package holds, although the type is packable: every environment has them by itself. */
  readonly unpackableSubtypes: readonly number[];
}

export type SubtypeRow = readonly [number: number, name: string, apiName: string];
export type Family = Pick<ObjectType, 'level' | 'category' | 'packable'>;

const PROJECT: readonly PackageType[] = ['project'];
const CONFIGURATION: readonly PackageType[] = ['configuration'];
const NOWHERE: readonly PackageType[] = [];

export const application: Family = { level: 'project', category: 'application', packable: PROJECT };
export const schema: Family = { level: 'project', category: 'schema', packable: PROJECT };
export const configuration: Family = { level: 'configuration', category: 'configuration', packable: CONFIGURATION };
/** Part of another object's definition, or not content: known, but in no package by itself. */
export const notPacked = (family: Family): Family => ({ ...family, packable: NOWHERE });

export function type(
  family: Family,
  [number, name, apiName]: SubtypeRow,
  subtypes: readonly SubtypeRow[] = [[number * 256, name, apiName]],
  unpackableSubtypes: readonly number[] = [],
): ObjectType {
  const rows = subtypes.map(([number, name, apiName]) => ({ number, name, apiName }));
  return { number, name, apiName, ...family, subtypes: rows, unpackableSubtypes };
}
