import {
  ACL_ON_NEW,
  ACL_ON_REPLACING,
  CONFLICT_ACTIONS,
  PACKAGE_TYPES,
  SCHEMA_UPDATES,
  TRANSLATION_ACTIONS,
  isWireDate,
} from '@longshore/domain';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** The version of the container that this release writes, and the newest that it reads (docs/package-format.md). */
export const PACKAGE_FORMAT_VERSION = 1;

export const PACKAGE_KINDS = ['package', 'undo'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

/** What a package is for (spec/api.md 2.7); `undo` marks the file that brings a target back. */
export const MANIFEST_PURPOSES = [
  'object_migration',
  'project_merge',
  'migration_from_shared_file_store',
  'migration_group',
  'migration_group_child',
  'undo',
] as const;
export type ManifestPurpose = (typeof MANIFEST_PURPOSES)[number];

const Id = Type.String({ pattern: '^[0-9A-F]{32}$' });
const Named = Type.Object({ id: Type.String({ minLength: 1 }), name: Type.String() });
const Count = Type.Integer({ minimum: 0 });

export const PackageManifestSchema = Type.Object({
  formatVersion: Type.Literal(PACKAGE_FORMAT_VERSION),
  /** Of the server that wrote the file, as `/api/status` reports it, for example `11.6.0700.00001`. */
  platformVersion: Type.String({ pattern: '^[0-9]{1,9}(\\.[0-9]{1,9}){1,3}$' }),
  packageId: Id,
  /** The import that an undo package undoes; absent in packages. */
  importId: Type.Optional(Id),
  kind: Type.Enum(PACKAGE_KINDS),
  type: Type.Enum(PACKAGE_TYPES),
  purpose: Type.Enum(MANIFEST_PURPOSES),
  name: Type.String(),
  /** Wire date, UTC: `yyyy-MM-ddTHH:mm:ss.SSS+0000`. */
  createdAt: Type.String(),
  creator: Named,
  /** Where the objects were read: the source of a package, the target for an undo package. */
  environment: Named,
  /** Where the objects were read; absent for configuration packages. */
  project: Type.Optional(Type.Object({ id: Id, name: Type.String() })),
  /** The settings of the request (spec/api.md 4.1, 4.4). Actions of objects are resolved and stand on the objects. */
  settings: Type.Object({
    updateSchema: Type.Array(Type.Enum(SCHEMA_UPDATES)),
    aclOnReplacingObjects: Type.Optional(Type.Enum(ACL_ON_REPLACING)),
    aclOnNewObjects: Type.Array(Type.Enum(ACL_ON_NEW)),
    defaultAction: Type.Enum(CONFLICT_ACTIONS),
    validateDependencies: Type.Optional(Type.Boolean()),
    /** Digest of the rule lists of a project merge: the lists themselves may be long. */
    mergeRules: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    translationAction: Type.Optional(Type.Enum(TRANSLATION_ACTIONS)),
  }),
  /** How many objects of each role follow; `entries` is their number in all. Left out when it is not known beforehand. */
  counts: Type.Optional(Type.Object({ entries: Count, content: Count, dependents: Count, ancestors: Count })),
});

/** The first member of a package file: what it is, from where, and how it is to be imported. */
export type PackageManifest = Static<typeof PackageManifestSchema>;

const validator = Compile(PackageManifestSchema);

/**
 * What is wrong with a value that should be a manifest of this format version, as one sentence that names the key;
 * `undefined` when nothing is. Keys that this release does not know are allowed.
 */
export function findManifestProblem(value: unknown): string | undefined {
  if (!validator.Check(value)) {
    const error = validator.Errors(value)[0];
    const key = (error?.instancePath ?? '').split('/').filter(Boolean).join('.');
    return `${key === '' ? 'the manifest' : `"${key}"`} ${error?.message ?? 'is not as expected'}`;
  }
  return findContradiction(value);
}

function findContradiction(manifest: PackageManifest): string | undefined {
  const isUndo = manifest.kind === 'undo';
  if (!isWireDate(manifest.createdAt)) return '"createdAt" must look like 2022-03-16T07:38:40.125+0000';
  if (isUndo !== (manifest.importId !== undefined)) return '"importId" belongs to kind undo, and only to it';
  if (isUndo !== (manifest.purpose === 'undo')) return '"purpose" undo belongs to kind undo, and only to it';
  if ((manifest.type === 'configuration') !== (manifest.project === undefined)) {
    return '"project" belongs to every type but configuration';
  }
  if (manifest.purpose === 'project_merge' && manifest.type !== 'project') {
    return '"purpose" project_merge belongs to type project';
  }
  return undefined;
}
