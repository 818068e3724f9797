import { AppError } from '@longshore/contracts';
import type { MetadataObject } from '@longshore/domain';
import { loadGrants } from './grants.ts';
import { changeList, type Op } from './operations.ts';
import { readRights } from './principal-definition.ts';
import type { PrincipalChange, principalChanges } from './principal-changes.ts';
import { requirePrincipals } from './principal-lookup.ts';
import type { PrincipalRepository } from './principal.repository.ts';
import { PRINCIPAL } from './well-known.ts';

/** Members are kept on their own objects: a group does not know them, they know the group. */
export interface MemberChange {
  readonly group: MetadataObject;
  readonly op: Op;
  readonly memberIds: readonly string[];
}

type Changes = ReturnType<typeof principalChanges>;

/**
 * The changes of users and groups that make them members of a group, or no longer.
 * @throws AppError `invalid` for Everyone, whose members nobody chooses, and for ids that are no principals.
 */
export async function memberChanges(
  repository: PrincipalRepository,
  changes: Changes,
  change: MemberChange,
): Promise<PrincipalChange[]> {
  const { group, op, memberIds } = change;
  if (group.id === PRINCIPAL.everyone) {
    throw new AppError('invalid', 'Every user is a member of Everyone; its members cannot be changed.');
  }
  const current = (await repository.listMembers(group.id, { offset: 0, limit: null })).objects;
  const wanted = changeList(
    current.map((member) => member.id),
    op,
    memberIds,
  );
  const stay = new Set(wanted);
  const known = new Set(current.map((member) => member.id));
  const joining = await requirePrincipals(
    repository,
    wanted.filter((id) => !known.has(id)),
    'members',
  );
  return [
    ...joining.map((member) =>
      withMembership(changes, member, [...readRights(member.definition).memberships, group.id]),
    ),
    ...current.filter((member) => !stay.has(member.id)).map((member) => withoutMembership(changes, member, group.id)),
  ];
}

/** The change that takes a user or group out of a group. */
export function withoutMembership(changes: Changes, member: MetadataObject, groupId: string): PrincipalChange {
  const memberships = readRights(member.definition).memberships.filter((id) => id !== groupId);
  return withMembership(changes, member, memberships);
}

function withMembership(changes: Changes, before: MetadataObject, memberships: string[]): PrincipalChange {
  return { before, after: changes.revise(before, { definition: { ...before.definition, memberships } }) };
}

/**
 * A group that belongs to itself through others would make its members' rights depend on where one begins to count.
 * @throws AppError `invalid` naming the group.
 */
export async function requireNoCircle(repository: PrincipalRepository, group: MetadataObject): Promise<void> {
  const stored = (await repository.load([group.id])).get(group.id);
  for (const parentId of stored ? readRights(stored.definition).memberships : []) {
    const { principalIds } = await loadGrants((ids) => repository.load(ids), parentId);
    if (principalIds.includes(group.id)) {
      throw new AppError('invalid', `The group ${group.name} would be a member of itself. Choose other memberships.`);
    }
  }
}
