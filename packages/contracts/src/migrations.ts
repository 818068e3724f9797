import {
  ACL_ON_NEW,
  ACL_ON_REPLACING,
  CERTIFICATION_STATUSES,
  CONFLICT_ACTIONS,
  IMPORT_STATUSES,
  PACKAGE_PURPOSES,
  PACKAGE_STATUSES,
  PACKAGE_TYPES,
  REQUEST_STATUSES,
  SCHEMA_UPDATES,
  TRANSLATION_ACTIONS,
  VALIDATION_STATUSES,
} from '@longshore/domain';
import { Type, type Static, type TSchema } from 'typebox';
import { CertificationSchema } from './status-files.ts';

/**
 * The wire of `/api/migrations` (spec/api.md 2.7). Requests: fields that are not listed are ignored, and where a client
 * may send `null` for "nothing" the schema says so. Responses: a key without value is left out, never `null`.
 */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));

/** Views of a migration (`showContent`); matched in any letter case. */
export const SHOW_CONTENT = ['default', 'tocview', 'treeview', 'all'] as const;
export type ShowContent = (typeof SHOW_CONTENT)[number];

/** `{id, name}` of a person or place; `{}` when there is none. */
export const RefSchema = Type.Object({ id: Type.Optional(Type.String()), name: Type.Optional(Type.String()) });

const EntryLevel = Type.Enum(['project_object', 'configuration_object']);

/* Requests */

const RefInput = Type.Object({ id: optional(Type.String()), name: optional(Type.String()) });

/** Words for `translationAction`; `existing` means `use_existing`. */
export const TRANSLATION_WORDS = [...TRANSLATION_ACTIONS, 'existing'] as const;
export type TranslationWord = (typeof TRANSLATION_WORDS)[number];

const Action = Type.Enum(CONFLICT_ACTIONS);

/** `tocView.settings` of a request (spec/api.md 4.1, 4.4). `aclOnNewObjects` may be a bare word. */
export const SettingsInputSchema = Type.Object({
  updateSchema: optional(Type.Array(Type.Enum(SCHEMA_UPDATES))),
  aclOnReplacingObjects: optional(Type.Enum(ACL_ON_REPLACING)),
  aclOnNewObjects: Type.Optional(Type.Union([Type.Enum(ACL_ON_NEW), Type.Array(Type.Enum(ACL_ON_NEW)), Type.Null()])),
  defaultAction: optional(Action),
  /* Project merge only; other packages do not look at them. */
  validateDependencies: optional(Type.Boolean()),
  translationAction: optional(Type.Enum(TRANSLATION_WORDS)),
  objectTypeActions: optional(
    Type.Array(Type.Object({ type: Type.Integer(), subtype: optional(Type.Integer()), action: Action })),
  ),
  folderActions: optional(Type.Array(Type.Object({ id: Type.String(), action: Action }))),
  objectActions: optional(
    Type.Array(Type.Object({ id: Type.String(), objectType: optional(Type.Integer()), action: Action })),
  ),
});
export type SettingsInput = Static<typeof SettingsInputSchema>;

/** One object of `tocView.content` as asked for (spec/api.md 4.2). */
export const EntryInputSchema = Type.Object({
  id: Type.String(),
  type: Type.Integer(),
  name: optional(Type.String()),
  version: optional(Type.String()),
  action: optional(Type.Enum(CONFLICT_ACTIONS)),
  includeDependents: optional(Type.Boolean()),
  parentId: optional(Type.String()),
  /** What a server adds when it reads the object; a create call may send it, and it is not looked at. */
  owner: optional(RefInput),
  dateCreated: optional(Type.String()),
  dateModified: optional(Type.String()),
  explicitIncluded: optional(Type.Boolean()),
  level: optional(Type.String()),
});
export type EntryInput = Static<typeof EntryInputSchema>;

/** What the caller says of a certification; a normal request has the status alone (spec/api.md 2.7.8). */
export const CertificationInputSchema = Type.Object({
  status: optional(Type.Enum(CERTIFICATION_STATUSES)),
  operator: optional(
    Type.Object({ id: optional(Type.String()), name: optional(Type.String()), fullName: optional(Type.String()) }),
  ),
  lastUpdatedDate: optional(Type.String()),
});
export type CertificationInput = Static<typeof CertificationInputSchema>;

const TocViewInput = Type.Object({
  settings: optional(SettingsInputSchema),
  content: optional(Type.Array(EntryInputSchema)),
});

/** Names an uploaded file; clients write the key as `files` or `file`, and give one object or an array of one. */
const FileInput = Type.Object({ id: optional(Type.String()) });
const FilesInput = Type.Optional(Type.Union([FileInput, Type.Array(FileInput), Type.Null()]));

const ImportTarget = { environment: optional(RefInput), project: optional(RefInput) };

/**
 * Body of POST /api/migrations in all its modes: a new package (`packageInfo` with `tocView`), a further import of a
 * known package (`?packageId=`, `importInfo` alone), a package from an uploaded file (`packageInfo.storage`).
 */
export const CreateMigrationBodySchema = Type.Object({
  packageInfo: optional(
    Type.Object({
      type: Type.Optional(Type.Enum(PACKAGE_TYPES)),
      purpose: optional(Type.Enum(PACKAGE_PURPOSES)),
      name: optional(Type.String()),
      environment: optional(RefInput),
      tocView: optional(TocViewInput),
      treeView: Type.Optional(Type.Unknown()),
      /** Where a package from an uploaded file goes, when neither header nor `importInfo` say it. */
      project: optional(RefInput),
      storage: optional(
        Type.Object({ sharedFileStore: optional(Type.Object({ files: FilesInput, file: FilesInput })) }),
      ),
    }),
  ),
  importInfo: optional(Type.Object(ImportTarget)),
});
export type CreateMigrationBody = Static<typeof CreateMigrationBodySchema>;

/** Body of PUT /api/migrations/{id}: the record as the source gave it, with `replicated` set to true. */
export const TriggerImportBodySchema = Type.Object({
  id: Type.String(),
  packageInfo: Type.Object({
    id: Type.String(),
    replicated: optional(Type.Boolean()),
    type: Type.Enum(PACKAGE_TYPES),
    purpose: optional(Type.Enum(PACKAGE_PURPOSES)),
    name: optional(Type.String()),
    creator: optional(RefInput),
    creationDate: optional(Type.String()),
    lastUpdatedDate: optional(Type.String()),
    environment: optional(RefInput),
    storage: optional(Type.Object({ size: optional(Type.Integer()), path: optional(Type.String()) })),
    project: optional(RefInput),
    status: Type.String(),
    tocView: optional(TocViewInput),
    treeView: Type.Optional(Type.Unknown()),
    certification: optional(CertificationInputSchema),
  }),
  importInfo: optional(Type.Object({ id: optional(Type.String()), ...ImportTarget })),
});
export type TriggerImportBody = Static<typeof TriggerImportBodySchema>;

/**
 * Body of PUT /api/migrations/{id}/validation: the record as the source gave it. The form is that of an import; what it
 * says of states is not looked at.
 */
export const ValidateMigrationBodySchema = TriggerImportBodySchema;
export type ValidateMigrationBody = TriggerImportBody;

/** Body of PUT /api/migrations/{id}/packageInfo: the fields of the package, without a wrapper (spec/api.md 2.7.6). */
export const EditPackageBodySchema = Type.Object({
  type: optional(Type.Enum(PACKAGE_TYPES)),
  purpose: optional(Type.Enum(PACKAGE_PURPOSES)),
  name: optional(Type.String()),
  project: optional(RefInput),
  tocView: optional(TocViewInput),
  treeView: Type.Optional(Type.Unknown()),
});
export type EditPackageBody = Static<typeof EditPackageBodySchema>;

/**
 * Body of PATCH /api/migrations/{id}/packageInfo/certification in its three forms: wrapped in `packageInfo` and
 * `certification`, in `certification`, or bare. None at all is fine with `autoSync`.
 */
export const CertifyPackageBodySchema = Type.Union([
  Type.Object({
    packageInfo: optional(Type.Object({ certification: optional(CertificationInputSchema) })),
    certification: optional(CertificationInputSchema),
    ...CertificationInputSchema.properties,
  }),
  Type.Null(),
]);
export type CertifyPackageBody = Static<typeof CertifyPackageBodySchema>;

/** Body of PATCH /api/migrations/{id}; clients send whole records back, of which only these fields are read. */
export const UpdateMigrationBodySchema = Type.Object({
  packageInfo: optional(Type.Object({ name: optional(Type.String()) })),
  importInfo: optional(
    Type.Object({
      ...ImportTarget,
      importRequestStatus: optional(Type.Enum(REQUEST_STATUSES)),
      undoRequestStatus: optional(Type.Enum(REQUEST_STATUSES)),
    }),
  ),
  validation: optional(Type.Object({ status: optional(Type.String()) })),
});
export type UpdateMigrationBody = Static<typeof UpdateMigrationBodySchema>;

export const MigrationParamsSchema = Type.Object({
  migrationId: Type.String({ description: '`packageId:importId`, the colon raw or as %3A' }),
});

const Fields = { fields: Type.Optional(Type.String({ description: 'comma list of top-level fields of the answer' })) };

export const CreateMigrationQuerySchema = Type.Object({
  packageId: Type.Optional(Type.String({ description: 'makes a further import of this package' })),
  ...Fields,
});
export const GetMigrationQuerySchema = Type.Object({
  showContent: Type.Optional(Type.String({ description: SHOW_CONTENT.join(', ') })),
  ...Fields,
});
export const ListMigrationsQuerySchema = Type.Object({
  offset: Type.Optional(Type.Integer({ default: 0 })),
  limit: Type.Optional(Type.Integer({ default: 100, description: 'at most 1000; -1 means 1000' })),
  'packageInfo.purpose': Type.Optional(Type.Array(Type.String(), { description: PACKAGE_PURPOSES.join(', ') })),
  ...Fields,
});
export const TriggerImportQuerySchema = Type.Object({
  generateUndo: Type.Optional(Type.Boolean({ default: true })),
  ...Fields,
});
export const UpdateMigrationQuerySchema = Type.Object(Fields);
export const ValidateMigrationQuerySchema = Type.Object(Fields);
export const EditPackageQuerySchema = Type.Object(Fields);
/** The name of `autoSync` is taken in any letter case. */
export const CertifyPackageQuerySchema = Type.Object({
  autoSync: Type.Optional(Type.Boolean({ description: 'exchanges the certification with the other environments' })),
  ...Fields,
});
export const DeletePackageQuerySchema = Type.Object({
  packageId: Type.Optional(Type.String({ description: 'required' })),
  userComments: Type.Optional(Type.String()),
});

/* Responses */

const RequestStatuses = {
  importRequestStatus: Type.Enum(REQUEST_STATUSES),
  undoRequestStatus: Type.Enum(REQUEST_STATUSES),
};

/** Answer of an edit: how the package is now. */
export const EditedPackageSchema = Type.Object({
  id: Type.String(),
  status: Type.Enum(PACKAGE_STATUSES),
  progress: Type.Number(),
});
export type EditedPackage = Static<typeof EditedPackageSchema>;

/** Answer of POST, PUT and PATCH. */
export const ShortMigrationSchema = Type.Object({
  id: Type.String(),
  packageInfo: Type.Object({ id: Type.String(), status: Type.Enum(PACKAGE_STATUSES), progress: Type.Number() }),
  importInfo: Type.Object({
    id: Type.String(),
    status: Type.Enum(IMPORT_STATUSES),
    ...RequestStatuses,
    progress: Type.Number(),
  }),
  /** In the answer of a PATCH that has started one. */
  validation: Type.Optional(Type.Object({ status: Type.Enum(VALIDATION_STATUSES), progress: Type.Number() })),
});

const StorageRef = Type.Object({ size: Type.Optional(Type.Integer()), path: Type.Optional(Type.String()) });

/** One object of `tocView.content` as read back. */
export const EntrySchema = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  type: Type.Integer(),
  owner: Type.Optional(Type.Object({ id: Type.String() })),
  dateCreated: Type.Optional(Type.String()),
  dateModified: Type.Optional(Type.String()),
  action: Type.Optional(Type.Enum(CONFLICT_ACTIONS)),
  includeDependents: Type.Optional(Type.Boolean()),
  explicitIncluded: Type.Optional(Type.Boolean()),
  level: Type.Optional(EntryLevel),
  parentId: Type.Optional(Type.String()),
});

export const TocViewSchema = Type.Object({
  settings: Type.Optional(
    Type.Object({
      updateSchema: Type.Optional(Type.Array(Type.Enum(SCHEMA_UPDATES))),
      aclOnReplacingObjects: Type.Optional(Type.Enum(ACL_ON_REPLACING)),
      aclOnNewObjects: Type.Optional(Type.Array(Type.Enum(ACL_ON_NEW))),
      defaultAction: Type.Optional(Action),
      validateDependencies: Type.Optional(Type.Boolean()),
      translationAction: Type.Optional(Type.Enum(TRANSLATION_WORDS)),
      objectTypeActions: Type.Optional(
        Type.Array(Type.Object({ type: Type.Integer(), subtype: Type.Optional(Type.Integer()), action: Action })),
      ),
      folderActions: Type.Optional(Type.Array(Type.Object({ id: Type.String(), action: Action }))),
      objectActions: Type.Optional(
        Type.Array(Type.Object({ id: Type.String(), objectType: Type.Optional(Type.Integer()), action: Action })),
      ),
    }),
  ),
  content: Type.Optional(Type.Array(EntrySchema)),
});
export type TocView = Static<typeof TocViewSchema>;

const PackageInfoSchema = Type.Object({
  id: Type.String(),
  /** The package group of a member of a migration group. */
  groupId: Type.Optional(Type.String()),
  name: Type.String(),
  replicated: Type.Boolean(),
  type: Type.Enum(PACKAGE_TYPES),
  purpose: Type.Enum(PACKAGE_PURPOSES),
  creator: RefSchema,
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  environment: RefSchema,
  storage: StorageRef,
  project: RefSchema,
  status: Type.Enum(PACKAGE_STATUSES),
  message: Type.String(),
  warnings: Type.Optional(
    Type.Array(Type.Object({ message: Type.String(), bannedObjectCount: Type.Optional(Type.Integer()) })),
  ),
  progress: Type.Number(),
  deleted: Type.Boolean(),
  existing: Type.Boolean(),
  certification: Type.Optional(CertificationSchema),
  tocView: Type.Optional(TocViewSchema),
  treeView: Type.Optional(Type.String({ description: 'JSON text, stored untouched' })),
});

const ImportInfoSchema = Type.Object({
  id: Type.String(),
  groupId: Type.Optional(Type.String()),
  creator: RefSchema,
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  environment: RefSchema,
  status: Type.Enum(IMPORT_STATUSES),
  ...RequestStatuses,
  progress: Type.Number(),
  message: Type.String(),
  undoStorage: StorageRef,
  project: RefSchema,
  deleted: Type.Boolean(),
});

const ValidationSchema = Type.Object({
  status: Type.Enum(VALIDATION_STATUSES),
  progress: Type.Number(),
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  message: Type.String(),
});

/** A record as GET shows it; `fields` may leave out any top-level key. */
export const MigrationSchema = Type.Object({
  id: Type.String(),
  packageInfo: PackageInfoSchema,
  importInfo: ImportInfoSchema,
  validation: Type.Optional(ValidationSchema),
  version: Type.String(),
});

export const MigrationListSchema = Type.Object({
  total: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  data: Type.Array(MigrationSchema),
});

export type Ref = Static<typeof RefSchema>;
export type ShortMigration = Static<typeof ShortMigrationSchema>;
export type Migration = Static<typeof MigrationSchema>;
export type MigrationList = Static<typeof MigrationListSchema>;
export type PackageInfo = Migration['packageInfo'];
export type ImportInfo = Migration['importInfo'];
