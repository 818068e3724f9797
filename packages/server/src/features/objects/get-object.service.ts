import type { ObjectDetail } from '@longshore/contracts';
import { RIGHTS } from '@longshore/domain';
import type { Platform } from '../../platform/platform.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { getObject, type ObjectRequest } from './find-object.ts';
import { accessorOf, type ObjectAccess } from './object-access.service.ts';
import type { ObjectViews } from './object-views.service.ts';

/** What the use cases about objects are made from. */
export interface ObjectContext {
  readonly platform: Platform;
  readonly access: ObjectAccess;
  readonly views: ObjectViews;
  readonly ended: EndedSessions;
}

/** Shows one object to a caller who may read it. */
export function createGetObject({ platform, access, views }: ObjectContext) {
  return async (request: ObjectRequest): Promise<ObjectDetail> => {
    const db = platform.metadata.reader;
    const object = await getObject(db, request);
    const accessor = accessorOf(request.caller, object.scope);
    await access.require(db, accessor, { object, right: RIGHTS.read });
    return views.detail(db, accessor, object);
  };
}
