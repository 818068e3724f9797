import { PACKAGE_TYPES } from '@longshore/domain';
import { Type, type Static } from 'typebox';
import { EntryInputSchema, SettingsInputSchema, TocViewSchema } from './migrations.ts';

/** The wire of `/api/packages` (spec/api.md 2.11): one package per session, and imports of it. */

const Fields = { fields: Type.Optional(Type.String({ description: 'comma list of top-level fields of the answer' })) };

export const HOLDER_STATUSES = ['EMPTY', 'PROCESSING', 'READY', 'FAILED', 'DELETING'] as const;
export type HolderStatus = (typeof HOLDER_STATUSES)[number];

export const HOLDER_IMPORT_STATUSES = ['PROCESSING', 'IMPORTED', 'FAILED', 'DELETING'] as const;
export type HolderImportStatus = (typeof HOLDER_IMPORT_STATUSES)[number];

/* Requests */

/** Body of PUT /api/packages/{id}: what the package is to hold. */
export const FillPackageBodySchema = Type.Object({
  type: Type.Optional(Type.Union([Type.Enum(PACKAGE_TYPES), Type.Null()])),
  settings: Type.Optional(Type.Union([SettingsInputSchema, Type.Null()])),
  content: Type.Optional(Type.Union([Type.Array(EntryInputSchema), Type.Null()])),
});
export type FillPackageBody = Static<typeof FillPackageBodySchema>;

export const PackageParamsSchema = Type.Object({
  packageId: Type.String({ description: 'base64 of `projectId:guid`' }),
});
export const HolderImportParamsSchema = Type.Object({
  importId: Type.String({ description: 'base64 of `projectId:guid`' }),
});
export const PackageQuerySchema = Type.Object(Fields);
export const GetPackageQuerySchema = Type.Object({ showContent: Type.Optional(Type.Boolean()), ...Fields });
export const PackageObjectsQuerySchema = Type.Object({
  id: Type.Optional(Type.Array(Type.String(), { description: 'required; object ids' })),
  ...Fields,
});
export const CreateHolderImportQuerySchema = Type.Object({
  packageId: Type.Optional(Type.String({ description: 'required' })),
  generateUndo: Type.Optional(Type.Boolean({ default: true })),
  ...Fields,
});

/* Responses */

/** Answer of every call that changes a package. */
export const ShortPackageSchema = Type.Object({
  id: Type.String(),
  status: Type.Enum(HOLDER_STATUSES),
});
export type ShortPackage = Static<typeof ShortPackageSchema>;

const { settings, content } = TocViewSchema.properties;

export const HolderPackageSchema = Type.Object({
  id: Type.String(),
  status: Type.Enum(HOLDER_STATUSES),
  /** Why it is FAILED. */
  message: Type.Optional(Type.String()),
  type: Type.Optional(Type.Enum(PACKAGE_TYPES)),
  settings,
  content,
  /** Objects that were left out. */
  warnings: Type.Optional(
    Type.Array(Type.Object({ message: Type.String(), bannedObjectCount: Type.Optional(Type.Integer()) })),
  ),
});
export type HolderPackage = Static<typeof HolderPackageSchema>;

export const PackageObjectsSchema = Type.Object({
  objects: Type.Array(
    Type.Object({ id: Type.String(), type: Type.Integer(), definition: Type.Record(Type.String(), Type.Unknown()) }),
  ),
  versions: Type.Object({
    webVersion: Type.String(),
    modelingVersion: Type.String(),
    iServerVersion: Type.String(),
  }),
});
export type PackageObjects = Static<typeof PackageObjectsSchema>;

export const HolderImportSchema = Type.Object({
  id: Type.String(),
  status: Type.Enum(HOLDER_IMPORT_STATUSES),
  undoPackageCreated: Type.Boolean(),
  progress: Type.Number(),
  /** Why it is FAILED; warnings when it is IMPORTED. */
  message: Type.Optional(Type.String()),
});
export type HolderImport = Static<typeof HolderImportSchema>;
