import { AppError } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, findObjectType, parseObjectId, typeOfNumber } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { objectReader } from './objects.repository.ts';

/** An object as a client names it. Without a project only the configuration is searched. */
export interface ObjectAddress {
  readonly id: string;
  /** A type number; a number of 256 or more is a subtype and means its type. */
  readonly type: number;
  readonly projectId: string | null;
}

/** An object that a caller asks for. */
export interface ObjectRequest extends ObjectAddress {
  readonly caller: Caller;
}

/**
 * The object, from the project or, when it is not there, from the configuration: clients send the project header with
 * calls about users and other configuration objects as well.
 * @throws AppError `notFound` when there is none of this type
 */
export async function getObject(db: Executor<MetadataTables>, address: ObjectAddress): Promise<ObjectTable> {
  const object = await findObject(db, address);
  if (object) return object;
  throw objectNotFound(address);
}

/** The same; undefined when there is none. */
export async function findObject(
  db: Executor<MetadataTables>,
  address: ObjectAddress,
): Promise<ObjectTable | undefined> {
  const type = typeOfNumber(address.type);
  const id = parseObjectId(address.id);
  for (const scope of id === undefined ? [] : scopesOf(address.projectId)) {
    const row = await objectReader(db).findRow({ scope, id: id ?? '' });
    if (row?.type === type) return row;
  }
  return undefined;
}

export const scopesOf = (projectId: string | null): string[] =>
  projectId === null ? [CONFIGURATION_SCOPE] : [projectId, CONFIGURATION_SCOPE];

/** A 404 whose text differs from the one for an endpoint that does not exist; clients tell them apart by it. */
export function objectNotFound({ id, type, projectId }: ObjectAddress): AppError {
  const name = findObjectType(typeOfNumber(type))?.name ?? 'Object';
  const place = projectId === null ? 'the configuration' : `the project with id ${projectId}`;
  return new AppError('notFound', `${name} (type ${type}) with id ${id} is not found in ${place}.`);
}
