import { parseObjectId, parsePrivilege, type JsonObject, type JsonValue, type MetadataObject } from '@longshore/domain';
import { PRINCIPAL, SUBTYPE, TYPE } from './well-known.ts';

/** A security role that a user or group has in a project. */
export interface RoleAssignment {
  readonly projectId: string;
  readonly roleId: string;
}

/** The part of a user's, group's or role's definition that decides about rights. */
export interface RightsDefinition {
  readonly memberships: readonly string[];
  readonly privileges: readonly number[];
  readonly securityRoles: readonly RoleAssignment[];
}

/**
 * Reads what a stored definition says about rights. Definitions come from bulk loads and packages too, so whatever
 * cannot be read gives no right and is no error here.
 */
export function readRights(definition: JsonObject): RightsDefinition {
  return {
    memberships: unique(listOf(definition['memberships']).map(readId)),
    privileges: unique(listOf(definition['privileges']).map(parsePrivilege)),
    securityRoles: listOf(definition['securityRoles']).flatMap(readAssignment),
  };
}

export interface Account {
  readonly username: string;
  readonly fullName: string;
  readonly enabled: boolean;
  readonly passwordModifiable: boolean;
  readonly standardAuth: boolean;
  readonly passwordExpirationDate: string | undefined;
  readonly ldapdn: string | undefined;
  readonly trustId: string | undefined;
}

/** Reads the account of a user; what the definition leaves out has the default of a new user. */
export function readAccount(user: MetadataObject): Account {
  const { definition } = user;
  return {
    username: textOf(definition['username']) ?? user.abbreviation,
    fullName: textOf(definition['fullName']) ?? user.name,
    enabled: definition['enabled'] !== false,
    passwordModifiable: definition['passwordModifiable'] !== false,
    standardAuth: definition['standardAuth'] !== false,
    passwordExpirationDate: textOf(definition['passwordExpirationDate']),
    ldapdn: textOf(definition['ldapdn']),
    trustId: textOf(definition['trustId']),
  };
}

export const isUser = (object: MetadataObject): boolean =>
  object.type === TYPE.principal && object.subtype === SUBTYPE.user;

export const isUserGroup = (object: MetadataObject): boolean =>
  object.type === TYPE.principal && object.subtype === SUBTYPE.userGroup;

export const isSecurityRole = (object: MetadataObject): boolean => object.type === TYPE.securityRole;

/** The groups of a principal as clients see them: every user is also a member of Everyone. */
export function visibleMemberships(object: MetadataObject): string[] {
  const groups = readRights(object.definition).memberships.filter((id) => id !== PRINCIPAL.everyone);
  return isUser(object) ? [PRINCIPAL.everyone, ...groups] : groups;
}

/** First letters of the first and the last word of a name: `MSTR User` gives `MU`. */
export function initialsOf(fullName: string): string {
  const words = fullName.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) =>
      String.fromCodePoint(word?.codePointAt(0) ?? 32)
        .trim()
        .toUpperCase(),
    )
    .join('');
}

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function readId(value: JsonValue | undefined): string | undefined {
  const id = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['id'] : value;
  return typeof id === 'string' ? parseObjectId(id) : undefined;
}

function readAssignment(value: JsonValue): RoleAssignment[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const projectId = readId(value['projectId']);
  const roleId = readId(value['roleId']);
  return projectId && roleId ? [{ projectId, roleId }] : [];
}

const unique = <T>(values: readonly (T | undefined)[]): T[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];
