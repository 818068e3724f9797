import { CONFIGURATION_SCOPE, type AclEntry, type JsonObject, type MetadataObject } from '@longshore/domain';
import { wireDate, wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { toObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { PRINCIPAL } from './well-known.ts';

/** One object before and after; created when there is no `before`, deleted when there is no `after`. */
export interface PrincipalChange {
  readonly before?: MetadataObject | undefined;
  readonly after?: MetadataObject | undefined;
}

/** On whose behalf something is written. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

export interface NewPrincipal {
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly abbreviation: string;
  readonly description: string;
  readonly definition: JsonObject;
}

/** Rights that every user has on users, groups and roles, so that they can be chosen from a list. */
const BROWSE_AND_READ = 5;

/** Makes and writes principals and roles; every write is journalled and moves the configuration's revision. */
export function principalChanges(platform: Platform) {
  return {
    /** A new object that its creator owns and controls, and that everybody can see. */
    create(actor: Actor, principal: NewPrincipal): MetadataObject {
      const now = wireDateOfSecond(platform.clock.now());
      return {
        projectId: null,
        id: platform.ids.objectId(),
        ...principal,
        parentId: null,
        ownerId: actor.id,
        version: platform.ids.objectId(),
        dateCreated: now,
        dateModified: now,
        hidden: false,
        acl: principalAcl(actor.id),
        uses: [],
        translations: {},
      };
    },

    /** The next version of an object. */
    revise(object: MetadataObject, changes: Partial<MetadataObject>): MetadataObject {
      const dateModified = wireDateOfSecond(platform.clock.now());
      return { ...object, ...changes, version: platform.ids.objectId(), dateModified };
    },

    async write(tx: Executor<MetadataTables>, actor: Actor, changes: readonly PrincipalChange[]): Promise<void> {
      if (changes.length === 0) return;
      const writer = objectWriter(tx);
      for (const { before, after } of changes) {
        if (after) await writer.put(toObjectRecord(after));
        else if (before) await writer.remove({ scope: CONFIGURATION_SCOPE, id: before.id });
      }
      await writer.bumpRevision(CONFIGURATION_SCOPE);
      await journalWriter(tx).record({
        kind: kindOf(changes[0]),
        user: { id: actor.id, name: actor.name },
        date: wireDate(platform.clock.now()),
        entries: changes.flatMap(journalEntry),
      });
    },
  };
}

/** The access list of a user, group or role whose owner is given. */
export function principalAcl(ownerId: string): AclEntry[] {
  return [
    { trusteeId: ownerId, rights: 255, deny: false, inheritable: false },
    { trusteeId: PRINCIPAL.everyone, rights: BROWSE_AND_READ, deny: false, inheritable: false },
  ];
}

/** A request changes one object for its own sake, the first; others follow from it. */
function kindOf(change: PrincipalChange | undefined): 'create' | 'update' | 'delete' {
  if (!change?.before) return 'create';
  return change.after ? 'update' : 'delete';
}

function journalEntry(change: PrincipalChange) {
  const object = change.after ?? change.before;
  if (!object) return [];
  return [
    {
      scope: CONFIGURATION_SCOPE,
      objectId: object.id,
      type: object.type,
      name: object.name,
      change: kindOf(change),
      versionBefore: change.before?.version ?? null,
      versionAfter: change.after?.version ?? null,
    },
  ];
}
