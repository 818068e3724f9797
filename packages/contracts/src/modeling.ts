import { Type, type Static } from 'typebox';
import { NamedReferenceSchema } from './objects.ts';

/** Bodies and queries of `/api/model/*`, project locks and languages (spec/api.md 2.12 and 2.14). */

const OPEN = { additionalProperties: true } as const;

/** What the server says of every modeled object; clients may send it back, its read-only members are then ignored. */
export const ModelInformationSchema = Type.Object(
  {
    objectId: Type.String(),
    subType: Type.String(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    destinationFolderId: Type.Optional(Type.String()),
    versionId: Type.String(),
    dateCreated: Type.String(),
    dateModified: Type.String(),
    primaryLocale: Type.String(),
    acg: Type.Integer({ description: "The caller's rights as a bit mask." }),
    acl: Type.Optional(Type.Unknown({ description: 'By trustee id; only with `showFields=acl`.' })),
  },
  OPEN,
);
export type ModelInformation = Static<typeof ModelInformationSchema>;

/** A modeled object: its information, and its definition as it was sent. */
export const ModelObjectSchema = Type.Object({ information: ModelInformationSchema }, OPEN);
export type ModelObject = Static<typeof ModelObjectSchema>;

const textOrNothing = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** What a client may say of an object; everything else in `information` is the server's and ignored. */
export const ModelInformationInputSchema = Type.Object(
  {
    objectId: textOrNothing,
    subType: textOrNothing,
    name: textOrNothing,
    description: textOrNothing,
    destinationFolderId: textOrNothing,
    primaryLocale: textOrNothing,
  },
  OPEN,
);
export type ModelInformationInput = Static<typeof ModelInformationInputSchema>;

/** On a change, a member that is absent stays as it is, and one that is null is removed. */
export const ModelBodySchema = Type.Object({ information: Type.Optional(ModelInformationInputSchema) }, OPEN);
export type ModelBody = Static<typeof ModelBodySchema>;

export const ModelParamsSchema = Type.Object({ id: Type.String() });

/** Clients ask for forms of expressions and for further fields; definitions are shown as they are stored. */
export const ModelQuerySchema = Type.Object({
  showExpressionAs: Type.Optional(Type.Array(Type.String())),
  showFilterTokens: Type.Optional(Type.Boolean()),
  showPotentialTables: Type.Optional(Type.Boolean()),
  showAdvancedProperties: Type.Optional(Type.Boolean()),
  showFields: Type.Optional(Type.Array(Type.String({ description: '`acl` adds the access control list.' }))),
  fields: Type.Optional(Type.String()),
});

/** `fields` names members of each listed object, not of the list. */
export const ModelListQuerySchema = Type.Object({
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1, description: '-1 means no limit.' }),
  fields: Type.Optional(Type.String()),
});
export type ModelListQuery = Static<typeof ModelListQuerySchema>;

/** The list itself stands under the name of the resource, e.g. `tables`. */
export const ModelListSchema = Type.Object(
  { offset: Type.Integer(), limit: Type.Integer(), total: Type.Integer() },
  OPEN,
);

export type ModelList = Static<typeof ModelListSchema>;

export const RelationshipsSchema = Type.Object({
  relationships: Type.Array(Type.Object({}, OPEN), { maxItems: 10_000 }),
});
export type Relationships = Static<typeof RelationshipsSchema>;

export const CreateChangesetQuerySchema = Type.Object({ schemaEdit: Type.Boolean({ default: false }) });

export const ChangesetSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal('metadata'),
  dateCreated: Type.String(),
  dateModified: Type.String(),
  status: Type.Literal('Ready'),
  schemaEdit: Type.Boolean(),
  mstrProjectId: Type.String(),
  mstrUserId: Type.String(),
  userName: Type.String(),
  userDateNumberLocale: Type.String(),
  userMetadataLocale: Type.String(),
  userWarehouseLocale: Type.String(),
});
export type ChangesetView = Static<typeof ChangesetSchema>;

export const CommitChangesetSchema = Type.Object({
  changeJournal: Type.Optional(Type.Object({ userComments: Type.Optional(Type.String()) })),
});
export type CommitChangeset = Static<typeof CommitChangesetSchema>;

export const SCHEMA_LOCK_TYPES = ['absolute_individual', 'exclusive_constituent', 'absolute_constituent'] as const;
export type SchemaLockType = (typeof SCHEMA_LOCK_TYPES)[number];
/** What a client reads where nothing is locked. */
export const NO_SCHEMA_LOCK = 'none';

export const SchemaLockSchema = Type.Object({
  lockType: Type.Enum([...SCHEMA_LOCK_TYPES, NO_SCHEMA_LOCK]),
  dateCreated: Type.Optional(Type.String({ description: 'Without a zone, in UTC: 2021-03-24T01:39:04' })),
  comment: Type.Optional(Type.String()),
  machineName: Type.Optional(Type.String()),
  ownerName: Type.Optional(Type.String()),
  ownerId: Type.Optional(Type.String()),
});
export type SchemaLockView = Static<typeof SchemaLockSchema>;

export const LockSchemaSchema = Type.Object({ lockType: Type.Enum(SCHEMA_LOCK_TYPES) });
export const UnlockSchemaQuerySchema = Type.Object({ lockType: Type.Optional(Type.Enum(SCHEMA_LOCK_TYPES)) });

export const RELOAD_TYPES = ['table_key', 'entry_level', 'logical_size', 'clear_element_cache'] as const;
export type ReloadType = (typeof RELOAD_TYPES)[number];
export const ReloadSchemaSchema = Type.Object({ updateTypes: Type.Array(Type.Enum(RELOAD_TYPES)) });

export const TASK_STATUSES = ['running', 'completed', 'failed'] as const;
export const ModelTaskSchema = Type.Object({
  id: Type.String(),
  task: Type.String(),
  startTime: Type.String(),
  endTime: Type.Optional(Type.String()),
  status: Type.Enum(TASK_STATUSES),
  errors: Type.Optional(Type.Array(Type.Object({ code: Type.String(), message: Type.String() }))),
});
export type ModelTask = Static<typeof ModelTaskSchema>;

/** Temporal locks end with their session; constituent ones cover the objects of the project as well. */
export const PROJECT_LOCK_TYPES = [
  'temporal_individual',
  'temporal_constituent',
  'permanent_individual',
  'permanent_constituent',
] as const;
export type ProjectLockType = (typeof PROJECT_LOCK_TYPES)[number];
export const NOT_LOCKED = 'not_locked';

export const ProjectLockSchema = Type.Object({
  lockType: Type.Enum([...PROJECT_LOCK_TYPES, NOT_LOCKED]),
  lockTime: Type.Optional(Type.String()),
  comment: Type.Optional(Type.String()),
  machineName: Type.Optional(Type.String()),
  owner: Type.Optional(NamedReferenceSchema),
});
export type ProjectLockView = Static<typeof ProjectLockSchema>;

export const LockProjectSchema = Type.Object({
  lockType: Type.Enum(PROJECT_LOCK_TYPES),
  lockId: Type.Optional(Type.String({ maxLength: 250 })),
});
export type LockProject = Static<typeof LockProjectSchema>;

/** Without `force` both must be those of the lock. */
export const UnlockProjectQuerySchema = Type.Object({
  lockType: Type.Optional(Type.Enum(PROJECT_LOCK_TYPES)),
  lockId: Type.Optional(Type.String()),
  force: Type.Boolean({ default: false }),
});
export type UnlockProject = Static<typeof UnlockProjectQuerySchema>;

export const BaseLanguagesSchema = Type.Object({
  baseLocales: Type.Array(Type.Object({ languageGroup: Type.String(), lcid: Type.Integer(), name: Type.String() })),
});
export type BaseLanguages = Static<typeof BaseLanguagesSchema>;

export const CreateLanguageSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 250 }),
  baseLanguageLcid: Type.Integer({ minimum: 1 }),
  interfaceLanguageId: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{32}$' })),
});
export type CreateLanguage = Static<typeof CreateLanguageSchema>;

export const LanguageFormatsSchema = Type.Object({
  formattingSettings: Type.Object({ timeInterval: Type.Record(Type.String(), Type.String()) }),
});

export const LanguageSchema = Type.Object({
  name: Type.String(),
  id: Type.String(),
  baseLangLcid: Type.Integer(),
  lcid: Type.Integer(),
  owner: NamedReferenceSchema,
  lastModified: Type.String(),
  acg: Type.Integer(),
  description: Type.Optional(Type.String()),
  interfaceLanguage: Type.Optional(NamedReferenceSchema),
});
export type LanguageView = Static<typeof LanguageSchema>;
export const LanguagesSchema = Type.Object({ languages: Type.Array(LanguageSchema) });
