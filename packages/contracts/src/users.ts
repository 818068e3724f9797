import { Type, type Static } from 'typebox';
import { PasswordText } from './auth.ts';
import { SearchedText } from './searches.ts';

/** Users, groups, security roles and privileges (spec/api.md 2.13). */

export const PrincipalRef = Type.Object({ id: Type.String(), name: Type.String() });
export type PrincipalRef = Static<typeof PrincipalRef>;

const TrusteeEntry = Type.Object({
  deny: Type.Boolean(),
  type: Type.Integer(),
  rights: Type.Integer(),
  trusteeId: Type.String(),
  trusteeName: Type.String(),
  trusteeType: Type.Integer(),
  trusteeSubtype: Type.Integer(),
  inheritable: Type.Boolean(),
});

/** What every object of the configuration shows of itself. */
const objectFields = {
  id: Type.String(),
  name: Type.String({ description: 'For a user the full name.' }),
  type: Type.Integer(),
  subtype: Type.Integer(),
  description: Type.String(),
  dateCreated: Type.String(),
  dateModified: Type.String(),
  version: Type.String(),
  acg: Type.Integer({ description: "The caller's rights, 0 to 255." }),
  owner: PrincipalRef,
  hidden: Type.Boolean(),
};
const detailFields = { acl: Type.Array(TrusteeEntry), ancestors: Type.Array(PrincipalRef) };

/** Fields that users have and groups have not. */
const accountFields = {
  username: Type.String(),
  fullName: Type.String(),
  initials: Type.String(),
  enabled: Type.Boolean(),
};

/** A row of a list of users or of members; groups have no account fields. */
export const PrincipalSummary = Type.Object({
  ...objectFields,
  abbreviation: Type.String({ description: 'The login name of a user.' }),
  ...Type.Partial(Type.Object(accountFields)).properties,
});
export type PrincipalSummary = Static<typeof PrincipalSummary>;
export const PrincipalSummaryList = Type.Array(PrincipalSummary);

export const UserResponse = Type.Object({
  ...objectFields,
  ...detailFields,
  abbreviation: Type.String(),
  ...accountFields,
  passwordModifiable: Type.Boolean(),
  requireNewPassword: Type.Boolean(),
  standardAuth: Type.Boolean(),
  passwordExpirationDate: Type.Optional(Type.String()),
  ldapdn: Type.Optional(Type.String()),
  trustId: Type.Optional(Type.String()),
  memberships: Type.Array(PrincipalRef),
});
export type UserResponse = Static<typeof UserResponse>;

export const UserGroupResponse = Type.Object({
  ...objectFields,
  ...detailFields,
  abbreviation: Type.String(),
  memberships: Type.Array(PrincipalRef),
});
export type UserGroupResponse = Static<typeof UserGroupResponse>;

const Name = Type.String({ minLength: 1, maxLength: 250, pattern: '\\S' });
const Description = Type.String({ maxLength: 4000 });
const IdList = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10_000 });
/** A privilege may be written as its number, as text, or as `{id}`. */
const PrivilegeInput = Type.Union([
  Type.String({ maxLength: 10 }),
  Type.Integer(),
  Type.Object({ id: Type.Union([Type.String({ maxLength: 10 }), Type.Integer()]) }),
]);
const PrivilegeInputList = Type.Array(PrivilegeInput, { maxItems: 2000 });

export const CreateUserRequest = Type.Object({
  username: Name,
  fullName: Name,
  description: Type.Optional(Description),
  password: Type.Optional({ ...PasswordText, description: 'Without one the user cannot log in in standard mode.' }),
  enabled: Type.Optional(Type.Boolean()),
  passwordModifiable: Type.Optional(Type.Boolean()),
  passwordExpirationDate: Type.Optional(Type.String({ maxLength: 40 })),
  requireNewPassword: Type.Optional(Type.Boolean()),
  standardAuth: Type.Optional(Type.Boolean()),
  ldapdn: Type.Optional(Type.String({ maxLength: 1000 })),
  trustId: Type.Optional(Type.String({ maxLength: 1000 })),
  memberships: Type.Optional(IdList),
  privileges: Type.Optional(PrivilegeInputList),
});
export type CreateUserRequest = Static<typeof CreateUserRequest>;

export const CreateUserGroupRequest = Type.Object({
  name: Name,
  description: Type.Optional(Description),
  memberships: Type.Optional(IdList),
  members: Type.Optional(IdList),
  privileges: Type.Optional(PrivilegeInputList),
});
export type CreateUserGroupRequest = Static<typeof CreateUserGroupRequest>;

/** What a PUT sets of a group; a field that is left out stays as it is. */
export const ReplaceUserGroupRequest = Type.Partial(CreateUserGroupRequest, { minProperties: 1 });
export type ReplaceUserGroupRequest = Static<typeof ReplaceUserGroupRequest>;

export const CreateSecurityRoleRequest = Type.Object({
  name: Name,
  description: Type.Optional(Description),
  privileges: Type.Optional(PrivilegeInputList),
});
export type CreateSecurityRoleRequest = Static<typeof CreateSecurityRoleRequest>;

/** `op` is add, replace or remove in any case, also addElement(s) and removeElement(s); `value` a value or a list. */
export const OperationListRequest = Type.Object({
  operationList: Type.Array(
    Type.Object({
      op: Type.String({ maxLength: 20 }),
      path: Type.String({ maxLength: 100 }),
      value: Type.Optional(Type.Unknown()),
    }),
    { minItems: 1, maxItems: 1000 },
  ),
});
export type OperationListRequest = Static<typeof OperationListRequest>;

const paging = {
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: -1, description: '-1 is no limit.' })),
  fields: Type.Optional(Type.String()),
};
export const PrincipalListQuery = Type.Object({
  nameBegins: Type.Optional(SearchedText),
  abbreviationBegins: Type.Optional(SearchedText),
  id: Type.Optional(Type.Array(Type.String())),
  ...paging,
});
export const PageQuery = Type.Object(paging);
export const FieldsQuery = Type.Object({ fields: Type.Optional(Type.String()) });
export const PrincipalIdParams = Type.Object({ id: Type.String() });

export const SecurityRolesQuery = Type.Object({
  projectId: Type.Optional(Type.String()),
  fields: Type.Optional(Type.String()),
});
/** The security roles of a user or group, by project. */
export const AssignedRoleList = Type.Array(
  Type.Object({ ...PrincipalRef.properties, securityRoles: Type.Array(PrincipalRef) }),
);
export type AssignedRoleList = Static<typeof AssignedRoleList>;

export const SecurityFiltersQuery = Type.Object({
  'projects.id': Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  fields: Type.Optional(Type.String()),
});
/** The security filters of a user or group, by project. */
export const AssignedFilterList = Type.Object({
  projects: Type.Array(Type.Object({ ...PrincipalRef.properties, securityFilters: Type.Array(PrincipalRef) })),
});
export type AssignedFilterList = Static<typeof AssignedFilterList>;

export const PRIVILEGE_LEVELS = ['server', 'project'] as const;
export const PrincipalPrivilegesQuery = Type.Object({
  'privilege.level': Type.Optional(Type.Enum([...PRIVILEGE_LEVELS])),
  projectId: Type.Optional(Type.String()),
  fields: Type.Optional(Type.String()),
});
/** The privileges of a user or group and where each comes from. */
export const PrincipalPrivileges = Type.Object({
  privileges: Type.Array(
    Type.Object({
      privilege: Type.Object({
        id: Type.String(),
        name: Type.String(),
        description: Type.String(),
        level: Type.String(),
      }),
      sources: Type.Array(
        Type.Object({
          direct: Type.Boolean(),
          group: Type.Optional(PrincipalRef),
          securityRole: Type.Optional(PrincipalRef),
          project: Type.Optional(PrincipalRef),
        }),
      ),
    }),
  ),
});
export type PrincipalPrivileges = Static<typeof PrincipalPrivileges>;

export const SecurityRoleSummary = Type.Object(objectFields);
export const SecurityRoleSummaryList = Type.Array(SecurityRoleSummary);
export type SecurityRoleSummary = Static<typeof SecurityRoleSummary>;
/** `subType` tells users (8704) from groups (8705). */
const RoleMember = Type.Object({ ...PrincipalRef.properties, subType: Type.Integer() });
export type RoleMember = Static<typeof RoleMember>;
export const SecurityRoleResponse = Type.Object({
  ...objectFields,
  ...detailFields,
  // A client reads these two by their order, not by their names.
  privileges: Type.Array(Type.Object({ name: Type.String(), id: Type.String() })),
  projects: Type.Array(Type.Object({ ...PrincipalRef.properties, members: Type.Array(RoleMember) })),
});
export type SecurityRoleResponse = Static<typeof SecurityRoleResponse>;
export const CreatedRef = Type.Object({ id: Type.String() });

export const PrivilegeRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  categories: Type.Array(Type.String()),
  isProjectLevelPrivilege: Type.Boolean(),
});
export const PrivilegeList = Type.Array(PrivilegeRow);
export const PrivilegeCategoryList = Type.Object({
  categories: Type.Array(
    Type.Object({
      type: Type.Integer(),
      name: Type.String(),
      privileges: Type.Array(Type.Omit(PrivilegeRow, ['categories'])),
    }),
  ),
});
