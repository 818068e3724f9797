import { parseObjectId, parsePrivilege, type JsonObject, type JsonValue } from '@longshore/domain';
import { FieldError, isJsonObject } from './line-fields.ts';

const FLAGS = ['enabled', 'passwordModifiable', 'requireNewPassword', 'standardAuth'] as const;
const TEXTS = ['username', 'fullName', 'passwordExpirationDate', 'ldapdn', 'trustId'] as const;
const LONGEST_TEXT = 1000;

/**
 * Checks what a user's, group's or security role's definition says about accounts and rights. Reading it later is
 * lenient, so a mistake here would silently be a user who cannot log in, or a right that nobody has.
 * @throws FieldError naming the part of the definition
 */
export function checkPrincipal(definition: JsonObject): void {
  for (const name of TEXTS) checkText(name, definition[name]);
  for (const name of FLAGS) {
    const value = definition[name];
    if (value !== undefined && typeof value !== 'boolean') refuse(name, 'must be true or false');
  }
  checkList('memberships', definition['memberships'], (value) => isId(value) || 'must be an id of 32 hex digits');
  checkList('privileges', definition['privileges'], (value) =>
    parsePrivilege(value) === undefined ? 'must be the number of a privilege' : true,
  );
  checkList('securityRoles', definition['securityRoles'], (value) =>
    isJsonObject(value) && isId(value['projectId']) && isId(value['roleId'])
      ? true
      : 'must have projectId and roleId, ids of 32 hex digits',
  );
}

function checkText(name: string, value: JsonValue | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'string') refuse(name, 'must be a text');
  if (value.length > LONGEST_TEXT) refuse(name, `must have at most ${LONGEST_TEXT} characters`);
  if (value.includes('\0') || !value.isWellFormed()) refuse(name, 'must be a well-formed text without NUL');
}

/** `problemOf` gives true for a good element, else what is wrong with it. */
function checkList(name: string, value: JsonValue | undefined, problemOf: (element: JsonValue) => true | string): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse(name, 'must be a list');
  for (const [index, element] of value.entries()) {
    const problem = problemOf(element);
    if (problem !== true) refuse(`${name}[${index}]`, problem);
  }
}

/** An id, or the `{id}` of a reference. */
function isId(value: JsonValue | undefined): boolean {
  const id = isJsonObject(value) ? value['id'] : value;
  return typeof id === 'string' && parseObjectId(id) !== undefined;
}

function refuse(path: string, problem: string): never {
  throw new FieldError(`definition.${path}`, problem);
}
