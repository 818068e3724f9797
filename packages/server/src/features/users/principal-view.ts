import { effectiveRights, PRIVILEGE, privilegeName, RIGHTS, type MetadataObject } from '@longshore/domain';
import type {
  PrincipalRef,
  PrincipalSummary,
  SecurityRoleSummary,
  UserGroupResponse,
  UserResponse,
} from '@longshore/contracts';
import type { Caller } from '../../platform/http/access.ts';
import { initialsOf, isUser, readAccount, readRights, visibleMemberships } from './principal-definition.ts';
import type { NamedPrincipal, PrincipalRepository } from './principal.repository.ts';
import { SUBTYPE, TYPE } from './well-known.ts';

type Names = ReadonlyMap<string, NamedPrincipal>;

/** Shows principals and roles to one caller, with the names of what they refer to. */
export function principalViews(repository: PrincipalRepository, caller: Caller) {
  return {
    async summaries(objects: readonly MetadataObject[]): Promise<PrincipalSummary[]> {
      const names = await repository.loadNames([...new Set(objects.map((object) => object.ownerId))]);
      return objects.map((object) => summary(object, caller, names));
    },

    async roleSummaries(objects: readonly MetadataObject[]): Promise<SecurityRoleSummary[]> {
      const names = await repository.loadNames([...new Set(objects.map((object) => object.ownerId))]);
      return objects.map((object) => objectFields(object, caller, names));
    },

    async user(object: MetadataObject, requireNewPassword: boolean): Promise<UserResponse> {
      const account = readAccount(object);
      const { passwordModifiable, standardAuth } = account;
      return {
        ...(await this.details(object)),
        ...accountFields(object),
        abbreviation: account.username,
        passwordModifiable,
        requireNewPassword,
        standardAuth,
        ...(account.passwordExpirationDate === undefined
          ? {}
          : { passwordExpirationDate: account.passwordExpirationDate }),
        ...(account.ldapdn === undefined ? {} : { ldapdn: account.ldapdn }),
        ...(account.trustId === undefined ? {} : { trustId: account.trustId }),
        memberships: await this.refs(visibleMemberships(object)),
      };
    },

    async userGroup(object: MetadataObject): Promise<UserGroupResponse> {
      return {
        ...(await this.details(object)),
        abbreviation: object.abbreviation || object.name,
        memberships: await this.refs(visibleMemberships(object)),
      };
    },

    /** What every object shows, its access list and its owner's name included. */
    async details(object: MetadataObject) {
      const names = await repository.loadNames([object.ownerId, ...object.acl.map((entry) => entry.trusteeId)]);
      return { ...objectFields(object, caller, names), acl: trusteeEntries(object, names), ancestors: [] };
    },

    /** Names of objects in the order of their ids; those that are no longer there are left out. */
    async refs(ids: readonly string[]): Promise<PrincipalRef[]> {
      const names = await repository.loadNames(ids);
      return ids.flatMap((id) => {
        const named = names.get(id);
        return named ? [{ id, name: named.name }] : [];
      });
    },
  };
}

function objectFields(object: MetadataObject, caller: Caller, names: Names): SecurityRoleSummary {
  return {
    id: object.id,
    name: object.name,
    type: object.type,
    subtype: object.subtype,
    description: object.description,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    version: object.version,
    acg: rightsOf(object, caller),
    owner: { id: object.ownerId, name: names.get(object.ownerId)?.name ?? '' },
    hidden: object.hidden,
  };
}

function summary(object: MetadataObject, caller: Caller, names: Names): PrincipalSummary {
  const fields = objectFields(object, caller, names);
  if (!isUser(object)) return { ...fields, abbreviation: object.abbreviation || object.name };
  return { ...fields, abbreviation: readAccount(object).username, ...accountFields(object) };
}

function accountFields(object: MetadataObject) {
  const { username, fullName, enabled } = readAccount(object);
  return { username, fullName, initials: initialsOf(fullName), enabled };
}

function rightsOf(object: MetadataObject, caller: Caller): number {
  if (caller.hasPrivilege(PRIVILEGE.bypassObjectSecurity, null)) return RIGHTS.full;
  return effectiveRights(object.acl, caller.principalIds, { userId: caller.user.id });
}

/** A trustee that was deleted has no name any more, but its entry needs every key (spec/mstrio-surface.md 3.9). */
function trusteeEntries(object: MetadataObject, names: Names) {
  return object.acl.map((entry) => ({
    deny: entry.deny,
    type: 1,
    rights: entry.rights,
    trusteeId: entry.trusteeId,
    trusteeName: names.get(entry.trusteeId)?.name ?? '',
    trusteeType: TYPE.principal,
    trusteeSubtype: names.get(entry.trusteeId)?.subtype ?? SUBTYPE.user,
    inheritable: entry.inheritable,
  }));
}

/** The privileges of a role with their names. */
export function privilegeRefs(role: MetadataObject): PrincipalRef[] {
  return readRights(role.definition).privileges.map((id) => ({ id: String(id), name: privilegeName(id) }));
}
