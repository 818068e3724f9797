import { AppError } from '@longshore/contracts';
import { parseObjectId, type MetadataObject } from '@longshore/domain';
import { isSecurityRole, isUser, isUserGroup } from './principal-definition.ts';
import type { PrincipalRepository } from './principal.repository.ts';

/** @throws AppError `notFound`; the text differs from that of a missing endpoint, which clients treat otherwise. */
export function getUser(repository: PrincipalRepository, id: string): Promise<MetadataObject> {
  return getPrincipal(repository, id, { word: 'user', matches: isUser });
}

/** @throws AppError `notFound` */
export function getUserGroup(repository: PrincipalRepository, id: string): Promise<MetadataObject> {
  return getPrincipal(repository, id, { word: 'user group', matches: isUserGroup });
}

/** @throws AppError `notFound` */
export function getSecurityRole(repository: PrincipalRepository, id: string): Promise<MetadataObject> {
  return getPrincipal(repository, id, { word: 'security role', matches: isSecurityRole });
}

interface Wanted {
  readonly word: string;
  matches(object: MetadataObject): boolean;
}

async function getPrincipal(repository: PrincipalRepository, id: string, wanted: Wanted): Promise<MetadataObject> {
  const parsed = parseObjectId(id);
  const object = parsed === undefined ? undefined : (await repository.load([parsed])).get(parsed);
  if (object && wanted.matches(object)) return object;
  throw new AppError('notFound', `The ${wanted.word} with id ${id} is not found.`);
}

/**
 * Users and groups by ids that a request names.
 * @throws AppError `invalid` naming the first id that is none.
 */
export async function requirePrincipals(
  repository: PrincipalRepository,
  ids: readonly string[],
  field: string,
): Promise<MetadataObject[]> {
  return requireAll(repository, ids, { field, word: 'user or group', matches: (o) => isUser(o) || isUserGroup(o) });
}

/** @throws AppError `invalid` naming the first id that is no group. */
export async function requireUserGroups(
  repository: PrincipalRepository,
  ids: readonly string[],
  field: string,
): Promise<MetadataObject[]> {
  return requireAll(repository, ids, { field, word: 'user group', matches: isUserGroup });
}

async function requireAll(
  repository: PrincipalRepository,
  ids: readonly string[],
  wanted: Wanted & { readonly field: string },
): Promise<MetadataObject[]> {
  const found = await repository.load(ids);
  return ids.map((id) => {
    const object = found.get(id);
    if (object && wanted.matches(object)) return object;
    throw new AppError('invalid', `${wanted.field}: there is no ${wanted.word} with id ${id}.`);
  });
}
