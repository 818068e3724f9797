import {
  AppError,
  type CreateUserGroupRequest,
  type OperationListRequest,
  type ReplaceUserGroupRequest,
  type UserGroupResponse,
} from '@longshore/contracts';
import type { JsonObject, MetadataObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { loadGrants, requireCovering, requireCoveringGain } from './grants.ts';
import { memberChanges, requireNoCircle, withoutMembership } from './group-links.ts';
import {
  changeList,
  idValues,
  nameValue,
  parseOperations,
  privilegeValues,
  textValue,
  unknownField,
  type Op,
  type Operation,
} from './operations.ts';
import { isUserGroup, readRights } from './principal-definition.ts';
import { principalChanges, type PrincipalChange } from './principal-changes.ts';
import { getUserGroup, requireUserGroups } from './principal-lookup.ts';
import { principalViews } from './principal-view.ts';
import { principalRepository, type PrincipalRepository } from './principal.repository.ts';
import { withoutEveryone } from './user-patch.ts';
import { SUBTYPE, TYPE, UNDELETABLE } from './well-known.ts';

/** What a PATCH makes of a group. */
interface GroupPatch {
  readonly name: string;
  readonly description: string;
  readonly definition: JsonObject;
  readonly members: readonly { readonly op: Op; readonly memberIds: readonly string[] }[];
}

const FIELDS = ['name', 'description', 'memberships', 'members', 'privileges'] as const;

/** User groups: created, changed and deleted by those who hold the user manager privilege. */
export class UserGroupService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** @throws AppError `notFound` */
  async get(caller: Caller, id: string): Promise<UserGroupResponse> {
    return this.#show(caller, await getUserGroup(principalRepository(this.#platform.metadata.reader), id));
  }

  /** @throws AppError `conflict` for a name that is taken, `invalid`, and `missingPrivilege` for too much given. */
  async create(caller: Caller, request: CreateUserGroupRequest): Promise<UserGroupResponse> {
    const changes = principalChanges(this.#platform);
    const memberships = withoutEveryone(idValues({ field: 'memberships', value: request.memberships ?? [] }));
    const privileges = privilegeValues({ field: 'privileges', value: request.privileges ?? [] });
    const group = changes.create(caller.user, {
      type: TYPE.principal,
      subtype: SUBTYPE.userGroup,
      name: request.name,
      abbreviation: request.name,
      description: request.description ?? '',
      definition: { memberships, privileges: privileges.map(String), securityRoles: [] },
    });
    const memberIds = idValues({ field: 'members', value: request.members ?? [] });
    await this.#platform.metadata.write(async (tx) => {
      const repository = principalRepository(tx);
      await requireFreeName(repository, group);
      await requireUserGroups(repository, memberships, 'memberships');
      const members = await memberChanges(repository, changes, { group, op: 'add', memberIds });
      await changes.write(tx, caller.user, [{ after: group }, ...members]);
      await checkNewMembers(repository, caller, members);
      requireCovering(caller, await loadGrants((ids) => repository.load(ids), group.id));
    });
    return this.#show(caller, group);
  }

  /** @throws AppError as `create`, and `notFound`. */
  async update(caller: Caller, id: string, request: OperationListRequest): Promise<UserGroupResponse> {
    const operations = parseOperations(request);
    const updated = await this.#platform.metadata.write(async (tx) => {
      const before = await getUserGroup(principalRepository(tx), id);
      return this.#write(tx, caller, { before, patch: patchGroup(before, operations) });
    });
    return this.#show(caller, updated);
  }

  /** Sets what the request names, the lists as a whole. @throws AppError as `update`. */
  async replace(caller: Caller, id: string, request: ReplaceUserGroupRequest): Promise<UserGroupResponse> {
    const set = FIELDS.flatMap((field) => {
      const value = request[field];
      return value === undefined ? [] : [{ op: 'replace', path: `/${field}`, value }];
    });
    return this.update(caller, id, { operationList: set });
  }

  /** Deletes a group; its members stay. @throws AppError `notFound`, `invalid` for a built-in group. */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.#platform.metadata.write(async (tx) => {
      const repository = principalRepository(tx);
      const group = await getUserGroup(repository, id);
      if (UNDELETABLE.has(group.id)) {
        throw new AppError('invalid', `The built-in group ${group.name} cannot be deleted.`);
      }
      requireCovering(caller, await loadGrants((ids) => repository.load(ids), group.id));
      const changes = principalChanges(this.#platform);
      const members = (await repository.listMembers(group.id, { offset: 0, limit: null })).objects;
      const leaving = members.map((member) => withoutMembership(changes, member, group.id));
      await changes.write(tx, caller.user, [{ before: group }, ...leaving]);
    });
  }

  async #write(
    tx: Executor<MetadataTables>,
    caller: Caller,
    { before, patch }: { before: MetadataObject; patch: GroupPatch },
  ): Promise<MetadataObject> {
    const repository = principalRepository(tx);
    const load = (ids: readonly string[]) => repository.load(ids);
    const grantsBefore = await loadGrants(load, before.id);
    const changes = principalChanges(this.#platform);
    const { name, description, definition } = patch;
    const after = changes.revise(before, { name, abbreviation: name, description, definition });
    await requireFreeName(repository, after);
    const known = readRights(before.definition).memberships;
    const added = readRights(definition).memberships.filter((id) => !known.includes(id));
    await requireUserGroups(repository, added, 'memberships');
    await changes.write(tx, caller.user, [{ before, after }]);
    for (const { op, memberIds } of patch.members) {
      const members = await memberChanges(repository, changes, { group: after, op, memberIds });
      await changes.write(tx, caller.user, members);
      await checkNewMembers(repository, caller, members);
    }
    await requireNoCircle(repository, after);
    const grantsAfter = await loadGrants(load, before.id);
    requireCoveringGain(caller, grantsBefore, grantsAfter);
    // Whoever joins a group gets all that it has.
    if (patch.members.some(({ op }) => op !== 'remove')) requireCovering(caller, grantsAfter);
    return after;
  }

  async #show(caller: Caller, group: MetadataObject): Promise<UserGroupResponse> {
    return principalViews(principalRepository(this.#platform.metadata.reader), caller).userGroup(group);
  }
}

export function createUserGroupService(platform: Platform): UserGroupService {
  return new UserGroupService(platform);
}

function patchGroup(group: MetadataObject, operations: readonly Operation[]): GroupPatch {
  const { name, description, definition } = group;
  return operations.reduce(applyOperation, { name, description, definition, members: [] } as GroupPatch);
}

function applyOperation(patch: GroupPatch, operation: Operation): GroupPatch {
  const { definition } = patch;
  const { memberships, privileges } = readRights(definition);
  switch (operation.field) {
    case 'name':
      return { ...patch, name: nameValue(operation) };
    case 'description':
      return { ...patch, description: textValue(operation) };
    case 'memberships': {
      const changed = withoutEveryone(changeList(memberships, operation.op, idValues(operation)));
      return { ...patch, definition: { ...definition, memberships: changed } };
    }
    case 'privileges': {
      const changed = changeList(privileges, operation.op, privilegeValues(operation));
      return { ...patch, definition: { ...definition, privileges: changed.map(String) } };
    }
    case 'members':
      return { ...patch, members: [...patch.members, { op: operation.op, memberIds: idValues(operation) }] };
    default:
      throw unknownField(operation, FIELDS);
  }
}

async function requireFreeName(repository: PrincipalRepository, group: MetadataObject): Promise<void> {
  const taken = await repository.findByName(SUBTYPE.userGroup, group.name, group.id);
  if (!taken) return;
  throw new AppError('conflict', `The group ${taken.name} (${taken.id}) already has this name. Choose another.`);
}

/** A group that joins another must not already hold it; and administrators stay in the hands of administrators. */
async function checkNewMembers(
  repository: PrincipalRepository,
  caller: Caller,
  members: readonly PrincipalChange[],
): Promise<void> {
  for (const { after } of members) {
    if (after && isUserGroup(after)) await requireNoCircle(repository, after);
    if (after) {
      const grants = await loadGrants((ids) => repository.load(ids), after.id);
      if (grants.isAdministrator) requireCovering(caller, { ...grants, sources: [] });
    }
  }
}
