import { Type, type Static } from 'typebox';

/** Bodies and queries of `/api/objects*` (spec/api.md 2.4). */

export const NamedReferenceSchema = Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) });

/** `level` 1 is the folder in which the object lies, larger numbers are higher. */
export const AncestorSchema = Type.Object({ id: Type.String(), name: Type.String(), level: Type.Integer() });
export type Ancestor = Static<typeof AncestorSchema>;

const summaryFields = {
  id: Type.String(),
  name: Type.String(),
  type: Type.Integer(),
  subtype: Type.Integer(),
  description: Type.Optional(Type.String()),
  abbreviation: Type.Optional(Type.String()),
  hidden: Type.Optional(Type.Boolean()),
  dateCreated: Type.String(),
  dateModified: Type.String(),
  version: Type.String(),
  acg: Type.Integer({ description: "The caller's rights as a bit mask." }),
  owner: NamedReferenceSchema,
  certifiedInfo: Type.Optional(
    Type.Object({
      certified: Type.Boolean(),
      dateCertified: Type.Optional(Type.String()),
      certifier: Type.Optional(NamedReferenceSchema),
    }),
  ),
  projectId: Type.Optional(Type.String()),
  ancestors: Type.Optional(Type.Array(AncestorSchema)),
};

/** An object in a list. Fields with their default value are left out. */
export const ObjectSummarySchema = Type.Object(summaryFields);
export type ObjectSummary = Static<typeof ObjectSummarySchema>;

export const AclEntrySchema = Type.Object({
  deny: Type.Boolean(),
  type: Type.Literal(1),
  rights: Type.Integer(),
  trusteeId: Type.String(),
  trusteeName: Type.String(),
  trusteeType: Type.Literal(34),
  trusteeSubtype: Type.Integer(),
  inheritable: Type.Boolean(),
});
export type AclEntryView = Static<typeof AclEntrySchema>;

export const ObjectDetailSchema = Type.Object({
  ...summaryFields,
  ancestors: Type.Array(AncestorSchema),
  acl: Type.Array(AclEntrySchema),
  comments: Type.Optional(Type.String()),
});
export type ObjectDetail = Static<typeof ObjectDetailSchema>;

export const ObjectParamsSchema = Type.Object({ id: Type.String() });
export const ObjectTypeQuerySchema = Type.Object({
  type: Type.Integer({ description: 'Type number of the object; a subtype number is understood as well.' }),
  comments: Type.Optional(Type.Boolean()),
  userComments: Type.Optional(Type.String()),
  fields: Type.Optional(Type.String()),
});

export const ACL_OPERATIONS = ['ADD', 'REPLACE', 'REMOVE'] as const;
export type AclOperationName = (typeof ACL_OPERATIONS)[number];

/** `op` in any letter case; `rights` 0 to 255, with or without the inheritable bit 536870912. */
export const AclOperationSchema = Type.Object({
  op: Type.String({ description: ACL_OPERATIONS.join(', ') }),
  trustee: Type.String(),
  rights: Type.Integer({ minimum: 0 }),
  denied: Type.Optional(Type.Boolean()),
  inheritable: Type.Optional(Type.Boolean()),
  type: Type.Optional(Type.Integer()),
});
export type AclOperation = Static<typeof AclOperationSchema>;

export const PROPAGATION_BEHAVIORS = [
  'overwrite_recursive',
  'overwrite_children',
  'precise_recursive',
  'precise_children',
] as const;

export const UpdateObjectSchema = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 250 })),
  description: Type.Optional(Type.String()),
  abbreviation: Type.Optional(Type.String()),
  comments: Type.Optional(Type.String()),
  longDescription: Type.Optional(Type.String()),
  folderId: Type.Optional(Type.String()),
  ownerId: Type.Optional(Type.String()),
  hidden: Type.Optional(Type.Boolean()),
  acl: Type.Optional(Type.Array(AclOperationSchema)),
  propagateACLToChildren: Type.Optional(Type.Boolean()),
  propagationBehavior: Type.Optional(Type.String()),
  changeJournal: Type.Optional(Type.Object({ userComments: Type.Optional(Type.String()) })),
});
export type UpdateObject = Static<typeof UpdateObjectSchema>;

export const DeleteObjectsSchema = Type.Array(Type.Object({ id: Type.String(), type: Type.Integer() }), {
  minItems: 1,
  maxItems: 10_000,
});
export type DeleteObjects = Static<typeof DeleteObjectsSchema>;

export const CopyObjectSchema = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 250 })),
  folderId: Type.Optional(Type.String()),
});
export type CopyObject = Static<typeof CopyObjectSchema>;

export const CertifyQuerySchema = Type.Object({ type: Type.Integer(), certify: Type.Boolean({ default: true }) });

/** Answer of `GET /api/longshore/objects/{id}/definition`: what is inside an object, as it is stored. */
export const ObjectDefinitionSchema = Type.Object({
  id: Type.String(),
  type: Type.Integer(),
  version: Type.String(),
  definition: Type.Unknown(),
  /** What it uses besides what its definition names. */
  uses: Type.Array(Type.Object({ id: Type.String(), type: Type.Optional(Type.Integer()) })),
});
export type ObjectDefinition = Static<typeof ObjectDefinitionSchema>;

export const TranslationParamsSchema = Type.Object({ type: Type.String(), id: Type.String() });
export const TranslationsSchema = Type.Object({
  defaultLanguage: Type.String(),
  localesAndTranslations: Type.Record(
    Type.String(),
    Type.Object({
      translationTargetName: Type.String(),
      translationValues: Type.Record(Type.String(), Type.Object({ translation: Type.String() })),
    }),
  ),
});
export type Translations = Static<typeof TranslationsSchema>;

export const PatchTranslationsSchema = Type.Object({
  operationList: Type.Array(
    Type.Object({ op: Type.String(), path: Type.String(), value: Type.Optional(Type.Unknown()) }),
    { minItems: 1, maxItems: 1000 },
  ),
});
export type TranslationOperation = Static<typeof PatchTranslationsSchema>['operationList'][number];

/** Bodies and queries of `/api/folders*` (spec/api.md 2.5). */

const paging = {
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1, description: '-1 means no limit.' }),
};

export const FolderContentQuerySchema = Type.Object({
  ...paging,
  type: Type.Optional(Type.Array(Type.Integer())),
  hidden: Type.Optional(Type.Boolean()),
  fields: Type.Optional(Type.String()),
});
export type FolderContentQuery = Static<typeof FolderContentQuerySchema>;

export const PredefinedFolderParamsSchema = Type.Object({ folderType: Type.Integer() });
export const PredefinedFoldersQuerySchema = Type.Object({ folderType: Type.Array(Type.Integer()) });
export const PredefinedFoldersSchema = Type.Object({
  preDefined: Type.Array(Type.Object({ ...summaryFields, folderType: Type.Integer() })),
});

export const CreateFolderSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 250 }),
  description: Type.Optional(Type.String()),
  parent: Type.String(),
});
export type CreateFolder = Static<typeof CreateFolderSchema>;
