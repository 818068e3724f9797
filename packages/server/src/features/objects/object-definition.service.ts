import type { ObjectDefinition } from '@longshore/contracts';
import { RIGHTS, type Reference } from '@longshore/domain';
import { getObject, type ObjectRequest } from './find-object.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf } from './object-access.service.ts';
import { objectReader } from './objects.repository.ts';

/** Shows what is inside an object, whatever its type, to a caller who may read it. */
export function createGetDefinition({ platform, access }: ObjectContext) {
  return async (request: ObjectRequest): Promise<ObjectDefinition> => {
    const db = platform.metadata.reader;
    const object = await getObject(db, request);
    await access.require(db, accessorOf(request.caller, object.scope), { object, right: RIGHTS.read });
    const body = await objectReader(db).findBody(object);
    const uses = JSON.parse(body?.uses ?? '[]') as Reference[];
    return {
      id: object.id,
      type: object.type,
      version: object.version,
      definition: JSON.parse(body?.definition ?? '{}') as unknown,
      uses: uses.map(({ id, type }) => (type === null ? { id } : { id, type })),
    };
  };
}
