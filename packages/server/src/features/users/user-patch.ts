import { AppError } from '@longshore/contracts';
import type { JsonObject, MetadataObject } from '@longshore/domain';
import {
  changeList,
  flagValue,
  idValues,
  nameValue,
  privilegeValues,
  textValue,
  unknownField,
  type Operation,
} from './operations.ts';
import { readAccount, readRights } from './principal-definition.ts';
import { PRINCIPAL } from './well-known.ts';

/** What a PATCH makes of a user, but for the password, which stands beside the object and never in it. */
export interface UserPatch {
  readonly description: string;
  readonly definition: JsonObject;
  readonly username: string;
  readonly fullName: string;
  readonly requireNewPassword: boolean | undefined;
}

/** Fields by which somebody could get into the user's account, or keep the user out of it. */
const ACCOUNT_FIELDS = new Set(['username', 'password', 'enabled', 'standardAuth', 'trustId', 'ldapdn']);
/** Flags and what they are in a definition that does not speak of them. */
const FLAG_DEFAULTS: Readonly<Record<string, boolean>> = {
  enabled: true,
  passwordModifiable: true,
  standardAuth: true,
};
const OPTIONAL_TEXTS = ['ldapdn', 'trustId', 'passwordExpirationDate'];
const FIELDS = [
  'fullName',
  'username',
  'description',
  'password',
  'requireNewPassword',
  'memberships',
  'privileges',
  ...Object.keys(FLAG_DEFAULTS),
  ...OPTIONAL_TEXTS,
];

export const touchesAccount = (operations: readonly Operation[]): boolean =>
  operations.some((operation) => ACCOUNT_FIELDS.has(operation.field));

/** @throws AppError `invalid` naming the path or value that cannot be taken. */
export function patchUser(user: MetadataObject, operations: readonly Operation[]): UserPatch {
  const { username, fullName } = readAccount(user);
  const { description, definition } = user;
  const unchanged = { description, definition, username, fullName, requireNewPassword: undefined };
  return operations.reduce(applyOperation, unchanged as UserPatch);
}

function applyOperation(patch: UserPatch, operation: Operation): UserPatch {
  const { field, op } = operation;
  switch (field) {
    case 'fullName':
    case 'username':
      return { ...patch, [field]: nameValue(operation) };
    case 'description':
      return { ...patch, description: textValue(operation) };
    case 'password':
      if (op === 'remove') throw new AppError('invalid', 'A password cannot be removed; disable the user instead.');
      textValue(operation);
      return patch;
    case 'requireNewPassword':
      return { ...patch, requireNewPassword: flagValue(operation, false) };
    case 'memberships': {
      const memberships = changeList(readRights(patch.definition).memberships, op, idValues(operation));
      return withField(patch, field, withoutEveryone(memberships));
    }
    case 'privileges': {
      const privileges = changeList(readRights(patch.definition).privileges, op, privilegeValues(operation));
      return withField(patch, field, privileges.map(String));
    }
    default:
      return withField(patch, field, settingValue(operation));
  }
}

function settingValue(operation: Operation): boolean | string | undefined {
  const { field } = operation;
  const whenRemoved = FLAG_DEFAULTS[field];
  if (whenRemoved !== undefined) return flagValue(operation, whenRemoved);
  if (!OPTIONAL_TEXTS.includes(field)) throw unknownField(operation, FIELDS);
  const text = textValue(operation);
  if (field === 'passwordExpirationDate') checkDate(field, text);
  return text === '' ? undefined : text;
}

function withField(patch: UserPatch, field: string, value: boolean | string | string[] | undefined): UserPatch {
  const { [field]: _before, ...rest } = patch.definition;
  return { ...patch, definition: value === undefined ? rest : { ...rest, [field]: value } };
}

/** Everybody belongs to Everyone without saying so; clients send it back as they read it. */
export const withoutEveryone = (groupIds: readonly string[]): string[] =>
  groupIds.filter((id) => id !== PRINCIPAL.everyone);

/** @throws AppError `invalid` for a text that is no date; an empty one is none. */
export function checkDate(field: string, text: string): void {
  if (text !== '' && Number.isNaN(Date.parse(text))) {
    throw new AppError('invalid', `${field} must be a date such as 2027-03-16T07:38:40.125+0000.`);
  }
}
