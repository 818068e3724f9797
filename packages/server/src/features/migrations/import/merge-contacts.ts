import { canonicalJson, mergeContacts, referencesOf, type JsonObject, type Reference } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { contactsHash } from '../../objects/object-rows.ts';
import { importContacts, type ContactsMeeting, type MergedUser } from './contacts.repository.ts';

/**
 * A user who differs only in addresses and contacts gets those, and keeps everything else. That user is staged in the place
 * of the package's, before the target is checked as it would be: addresses need devices, which have to be there.
 */
export async function mergeStagedContacts(tx: Executor<MetadataTables>, scope: string): Promise<void> {
  const contacts = importContacts(tx, scope);
  for (let after = ''; ;) {
    const meeting = await contacts.findMeeting(after);
    if (!meeting) return;
    await contacts.stage(mergedUser(meeting));
    after = meeting.id;
  }
}

function mergedUser({ id, type, subtype, position, ...bodies }: ContactsMeeting): MergedUser {
  const { translations, uses } = bodies;
  const existing = JSON.parse(bodies.existing) as JsonObject;
  const merged = mergeContacts(existing, JSON.parse(bodies.incoming) as JsonObject);
  const definition = canonicalJson(merged);
  return {
    position,
    definition,
    translations,
    uses,
    bodyHash: bodyHash(definition, translations, uses),
    contactsHash: contactsHash(subtype, merged),
    references: referencesOf({ id, type, definition: merged, uses: JSON.parse(uses) as Reference[] }),
  };
}
