import { GROUP_STATUSES, IMPORT_STATUSES, PACKAGE_STATUSES, REQUEST_STATUSES } from '@longshore/domain';
import { CertificationSchema } from './status-files.ts';
import { Type, type Static, type TSchema } from 'typebox';
import { CertificationInputSchema, MigrationSchema, RefSchema, TriggerImportBodySchema } from './migrations.ts';

/**
 * The wire of `/api/migrationGroups` (spec/api.md 2.8). As with single migrations, fields that are not listed are
 * ignored in requests, and a key without value is left out of answers.
 */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));

const Fields = { fields: Type.Optional(Type.String({ description: 'comma list of top-level fields of the answer' })) };

/* Requests */

const RefInput = Type.Object({ id: optional(Type.String()), name: optional(Type.String()) });

/** What both forms of a member have: that of a create call, and that of a record with all its fields. */
const MemberPackageInput = Type.Partial(TriggerImportBodySchema.properties.packageInfo);

/** A member as it is asked for, or as a record of the source. */
export const GroupMemberInputSchema = Type.Object({
  id: optional(Type.String()),
  packageInfo: Type.Object({ ...MemberPackageInput.properties, groupId: optional(Type.String()) }),
  importInfo: optional(
    Type.Object({
      id: optional(Type.String()),
      groupId: optional(Type.String()),
      creationDate: optional(Type.String()),
      project: optional(RefInput),
    }),
  ),
});
export type GroupMemberInput = Static<typeof GroupMemberInputSchema>;

const GroupInput = {
  name: optional(Type.String()),
  sourceEnvironment: optional(RefInput),
  targetEnvironment: optional(RefInput),
  treeView: Type.Optional(Type.Unknown()),
  migrations: Type.Array(GroupMemberInputSchema),
};

/** Body of POST /api/migrationGroups. */
export const CreateGroupBodySchema = Type.Object(GroupInput);
export type CreateGroupBody = Static<typeof CreateGroupBodySchema>;

/**
 * Body of PUT /api/migrationGroups/{id}: the whole record of the source with every `replicated` set to true, which
 * imports it, or the create form without ids, which edits it.
 */
export const PutGroupBodySchema = Type.Object({
  ...GroupInput,
  id: optional(Type.String()),
  creationDate: optional(Type.String()),
  certification: optional(CertificationInputSchema),
});
export type PutGroupBody = Static<typeof PutGroupBodySchema>;

/** Body of PATCH /api/migrationGroups/{id}; clients may send whole groups back, of which only these fields are read. */
export const UpdateGroupBodySchema = Type.Object({
  importRequestStatus: optional(Type.Enum(REQUEST_STATUSES)),
  undoRequestStatus: optional(Type.Enum(REQUEST_STATUSES)),
  name: optional(Type.String()),
  targetEnvironment: optional(RefInput),
  migrations: optional(
    Type.Array(
      Type.Object({ id: optional(Type.String()), importInfo: optional(Type.Object({ project: optional(RefInput) })) }),
    ),
  ),
});
export type UpdateGroupBody = Static<typeof UpdateGroupBodySchema>;

export const GroupParamsSchema = Type.Object({
  groupId: Type.String({ description: '`packageGroupId:importGroupId`, the colon raw or as %3A' }),
});
export const GetGroupQuerySchema = Type.Object({ showContent: Type.Optional(Type.String()), ...Fields });
export const ListGroupsQuerySchema = Type.Object({
  offset: Type.Optional(Type.Integer({ default: 0 })),
  limit: Type.Optional(Type.Integer({ default: 100, description: 'at most 1000; -1 means 1000' })),
  ...Fields,
});
export const ChangeGroupQuerySchema = Type.Object(Fields);
export const PutGroupQuerySchema = Type.Object({
  generateUndo: Type.Optional(Type.Boolean({ description: 'true by default; may also be sent as a header' })),
  ...Fields,
});
export const DeleteGroupQuerySchema = Type.Object({
  packageGroupId: Type.Optional(Type.String({ description: 'required' })),
  userComments: Type.Optional(Type.String()),
});

/* Responses */

const RequestStatuses = {
  importRequestStatus: Type.Enum(REQUEST_STATUSES),
  undoRequestStatus: Type.Enum(REQUEST_STATUSES),
};

/** Answer of POST, PUT and PATCH. */
export const ShortGroupSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  ...RequestStatuses,
  migrations: Type.Array(
    Type.Object({
      id: Type.String(),
      packageInfo: Type.Object({
        id: Type.String(),
        groupId: Type.String(),
        status: Type.Enum(PACKAGE_STATUSES),
        progress: Type.Number(),
      }),
      importInfo: Type.Object({
        id: Type.String(),
        groupId: Type.String(),
        status: Type.Enum(IMPORT_STATUSES),
        progress: Type.Number(),
      }),
    }),
  ),
});
export type ShortGroup = Static<typeof ShortGroupSchema>;

const { packageInfo, importInfo } = MigrationSchema.properties;

/** A member as a group shows it: environments and requests are the group's, and stand there. */
export const GroupMemberSchema = Type.Object({
  id: Type.String(),
  packageInfo: Type.Object({ ...Type.Omit(packageInfo, ['environment']).properties, groupId: Type.String() }),
  importInfo: Type.Object({
    ...Type.Omit(importInfo, ['environment', 'importRequestStatus', 'undoRequestStatus']).properties,
    groupId: Type.String(),
  }),
});
export type GroupMember = Static<typeof GroupMemberSchema>;

export const MigrationGroupSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  sourceEnvironment: RefSchema,
  targetEnvironment: RefSchema,
  treeView: Type.String({ description: 'JSON text, stored untouched' }),
  /** How the group stands as a whole; derived from its members. */
  status: Type.Enum(GROUP_STATUSES),
  ...RequestStatuses,
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  certification: Type.Optional(CertificationSchema),
  migrations: Type.Array(GroupMemberSchema),
  version: Type.String(),
});
export type MigrationGroup = Static<typeof MigrationGroupSchema>;

export const MigrationGroupListSchema = Type.Object({
  total: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  data: Type.Array(MigrationGroupSchema),
});
export type MigrationGroupList = Static<typeof MigrationGroupListSchema>;
