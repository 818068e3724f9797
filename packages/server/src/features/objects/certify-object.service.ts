import type { ObjectDetail } from '@longshore/contracts';
import { RIGHTS } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import { certifications } from './certifications.repository.ts';
import { editObjects, requireOpenObjects } from './edit-objects.ts';
import { getObject, type ObjectRequest } from './find-object.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf } from './object-access.service.ts';
import { journalEntry, recordChange } from './record-change.ts';

export interface CertifyRequest extends ObjectRequest {
  readonly certify: boolean;
}

/**
 * Certifies the version that an object has now, or takes the certification back. The object itself stays as it is:
 * certification belongs to the environment and does not travel.
 */
export function createCertifyObject(context: ObjectContext) {
  const { platform, access, views } = context;
  return async (request: CertifyRequest): Promise<ObjectDetail> => {
    const { user } = request.caller;
    const object = await editObjects(context, [request], async (tx) => {
      const found = await getObject(tx, request);
      await access.require(tx, accessorOf(request.caller, found.scope), { object: found, right: RIGHTS.write });
      await requireOpenObjects(tx, request.caller, [found]);
      const date = wireDateOfSecond(platform.clock.now());
      if (request.certify) await certifications(tx).put(found, { id: user.id, name: user.name, date });
      else await certifications(tx).remove(found);
      await recordChange(tx, {
        kind: request.certify ? 'certify' : 'decertify',
        user: { id: user.id, name: user.name },
        date,
        entries: journalEntry('update', found, found),
      });
      return found;
    });
    return views.detail(platform.metadata.reader, accessorOf(request.caller, object.scope), object);
  };
}
