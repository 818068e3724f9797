import { loginKey } from '@longshore/domain';
import { AppError, type CreateUserRequest, type OperationListRequest, type UserResponse } from '@longshore/contracts';
import type { JsonObject, MetadataObject } from '@longshore/domain';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { credentialRepository } from '../auth/credential.repository.ts';
import { checkNewPassword } from '../auth/credentials.ts';
import { hashPassword } from '../auth/passwords.ts';
import { tokenRepository } from '../auth/token.repository.ts';
import { loadGrants, requireCovering, requireCoveringGain } from './grants.ts';
import { idValues, parseOperations, privilegeValues, type Operation } from './operations.ts';
import { readAccount, readRights } from './principal-definition.ts';
import { principalChanges } from './principal-changes.ts';
import { getUser, requireUserGroups } from './principal-lookup.ts';
import { principalViews } from './principal-view.ts';
import { principalRepository, type PrincipalRepository } from './principal.repository.ts';
import { checkDate, patchUser, touchesAccount, withoutEveryone, type UserPatch } from './user-patch.ts';
import { PRINCIPAL, SUBTYPE, TYPE, UNDELETABLE } from './well-known.ts';

export interface UserServiceOptions {
  readonly platform: Platform;
  readonly sessions: SessionCloser;
}

export interface SessionCloser {
  /** Ends a user's sessions, but for one that may stay. */
  closeOfUser(userId: string, exceptSessionId: string | null): Promise<void>;
}

/** Objects that a refusal names as examples. */
const EXAMPLES = 5;

/** Users: created, changed and deleted by those who hold the user manager privilege. */
export class UserService {
  readonly #platform: Platform;
  readonly #sessions: SessionCloser;

  constructor({ platform, sessions }: UserServiceOptions) {
    this.#platform = platform;
    this.#sessions = sessions;
  }

  /** @throws AppError `notFound` */
  async get(caller: Caller, id: string): Promise<UserResponse> {
    return this.#show(caller, await getUser(principalRepository(this.#platform.metadata.reader), id));
  }

  /** @throws AppError `conflict` for a login name that is taken, `invalid`, and `missingPrivilege` for too much given. */
  async create(caller: Caller, request: CreateUserRequest): Promise<UserResponse> {
    if (request.password !== undefined) checkNewPassword(request.password);
    const passwordHash = request.password === undefined ? null : await hashPassword(request.password);
    const changes = principalChanges(this.#platform);
    const user = changes.create(caller.user, {
      type: TYPE.principal,
      subtype: SUBTYPE.user,
      name: request.fullName,
      abbreviation: request.username,
      description: request.description ?? '',
      definition: definitionOf(request),
    });
    await this.#platform.metadata.write(async (tx) => {
      const repository = principalRepository(tx);
      await requireFreeLogin(repository, request.username, user.id);
      await requireUserGroups(repository, readRights(user.definition).memberships, 'memberships');
      await changes.write(tx, caller.user, [{ after: user }]);
      const after = await loadGrants((ids) => repository.load(ids), user.id);
      const before = await loadGrants((ids) => repository.load(ids), PRINCIPAL.everyone);
      requireCoveringGain(caller, before, after);
      const mustChange = request.requireNewPassword === true;
      if (passwordHash !== null) await credentialRepository(tx).put(user.id, { passwordHash, mustChange });
    });
    return this.#show(caller, user);
  }

  /** @throws AppError as `create`, and `notFound`. */
  async update(caller: Caller, id: string, request: OperationListRequest): Promise<UserResponse> {
    const operations = parseOperations(request);
    const passwordHash = await hashOf(operations);
    const updated = await this.#platform.metadata.write(async (tx) => {
      const before = await getUser(principalRepository(tx), id);
      const patch = patchUser(before, operations);
      checkBuiltIn(before, patch);
      const after = await this.#write(tx, caller, { before, patch, operations });
      await writeCredential(tx, before.id, patch, passwordHash);
      return after;
    });
    if (passwordHash !== null) await this.#sessions.closeOfUser(updated.id, caller.sessionId);
    return this.#show(caller, updated);
  }

  /** @throws AppError `notFound`; `invalid` for a built-in user, the caller, and users that own or are used by objects. */
  async remove(caller: Caller, id: string): Promise<void> {
    const removed = await this.#platform.metadata.write(async (tx) => {
      const repository = principalRepository(tx);
      const user = await getUser(repository, id);
      if (UNDELETABLE.has(user.id)) throw new AppError('invalid', `The built-in user ${user.name} cannot be deleted.`);
      if (user.id === caller.user.id) throw new AppError('invalid', 'A user cannot delete itself.');
      requireCovering(caller, await loadGrants((ids) => repository.load(ids), user.id));
      await requireUnused(repository, user);
      await credentialRepository(tx).remove(user.id);
      await principalChanges(this.#platform).write(tx, caller.user, [{ before: user }]);
      return user;
    });
    await this.#platform.library.write((tx) => tokenRepository(tx).removeOfUser(removed.id));
    await this.#sessions.closeOfUser(removed.id, null);
  }

  async #write(
    tx: Executor<MetadataTables>,
    caller: Caller,
    change: { before: MetadataObject; patch: UserPatch; operations: readonly Operation[] },
  ): Promise<MetadataObject> {
    const { before, patch, operations } = change;
    const repository = principalRepository(tx);
    const load = (ids: readonly string[]) => repository.load(ids);
    const grantsBefore = await loadGrants(load, before.id);
    if (touchesAccount(operations) && before.id !== caller.user.id) requireCovering(caller, grantsBefore);
    await requireFreeLogin(repository, patch.username, before.id);
    const added = newMemberships(before, patch);
    await requireUserGroups(repository, added, 'memberships');
    const changes = principalChanges(this.#platform);
    const after = changes.revise(before, {
      name: patch.fullName,
      abbreviation: patch.username,
      description: patch.description,
      definition: { ...patch.definition, username: patch.username, fullName: patch.fullName },
    });
    await changes.write(tx, caller.user, [{ before, after }]);
    requireCoveringGain(caller, grantsBefore, await loadGrants(load, before.id));
    return after;
  }

  async #show(caller: Caller, user: MetadataObject): Promise<UserResponse> {
    const { reader } = this.#platform.metadata;
    const credential = await credentialRepository(reader).find(user.id);
    return principalViews(principalRepository(reader), caller).user(user, credential?.mustChange === true);
  }
}

export function createUserService(options: UserServiceOptions): UserService {
  return new UserService(options);
}

function definitionOf(request: CreateUserRequest): JsonObject {
  checkDate('passwordExpirationDate', request.passwordExpirationDate ?? '');
  const optional = {
    passwordExpirationDate: request.passwordExpirationDate,
    ldapdn: request.ldapdn,
    trustId: request.trustId,
  };
  return {
    username: request.username,
    fullName: request.fullName,
    enabled: request.enabled ?? true,
    passwordModifiable: request.passwordModifiable ?? true,
    standardAuth: request.standardAuth ?? true,
    ...Object.fromEntries(Object.entries(optional).filter((entry): entry is [string, string] => Boolean(entry[1]))),
    memberships: withoutEveryone(idValues({ field: 'memberships', value: request.memberships ?? [] })),
    privileges: privilegeValues({ field: 'privileges', value: request.privileges ?? [] }).map(String),
    securityRoles: [],
  };
}

/** Hashing is slow, so it is done before the transaction begins. */
async function hashOf(operations: readonly Operation[]): Promise<string | null> {
  const value = operations.findLast((operation) => operation.field === 'password')?.value;
  if (typeof value !== 'string') return null;
  checkNewPassword(value);
  return hashPassword(value);
}

async function writeCredential(
  tx: Executor<MetadataTables>,
  userId: string,
  patch: UserPatch,
  passwordHash: string | null,
): Promise<void> {
  const credentials = credentialRepository(tx);
  if (passwordHash !== null) {
    await credentials.put(userId, { passwordHash, mustChange: patch.requireNewPassword === true });
  } else if (patch.requireNewPassword !== undefined) {
    await credentials.setMustChange(userId, patch.requireNewPassword);
  }
}

/** Without its Administrator an environment could lock everybody out. */
function checkBuiltIn(user: MetadataObject, patch: UserPatch): void {
  if (user.id !== PRINCIPAL.administrator) return;
  if (patch.definition['enabled'] === false || patch.definition['standardAuth'] === false) {
    throw new AppError('invalid', `The built-in user ${user.name} must be able to log in.`);
  }
}

function newMemberships(before: MetadataObject, patch: UserPatch): string[] {
  const known = new Set(readRights(before.definition).memberships);
  return readRights(patch.definition).memberships.filter((id) => !known.has(id));
}

async function requireFreeLogin(repository: PrincipalRepository, username: string, userId: string): Promise<void> {
  const wanted = loginKey(username);
  const taken = (await repository.listLogins()).find(
    ({ id, username }) => id !== userId && loginKey(username) === wanted,
  );
  if (taken) {
    throw new AppError(
      'conflict',
      `The login name ${username} belongs to the user with id ${taken.id}. Choose another.`,
    );
  }
}

async function requireUnused(repository: PrincipalRepository, user: MetadataObject): Promise<void> {
  const { username } = readAccount(user);
  const owned = await repository.listOwned(user.id, EXAMPLES);
  if (owned.length > 0) throw stillInUse(`The user ${username} owns objects; give them another owner first`, owned);
  const users = await repository.listUsedBy(user.id, EXAMPLES);
  if (users.length > 0) throw stillInUse(`The user ${username} is used by objects`, users);
}

function stillInUse(text: string, objects: readonly { id: string; name: string }[]): AppError {
  const names = objects.map((object) => `${object.name} (${object.id})`).join(', ');
  return new AppError('invalid', `${text}: ${names}.`, {
    subErrors: objects.map(({ id, name }) => ({
      message: text,
      additionalProperties: { objectId: id, objectName: name },
    })),
  });
}
