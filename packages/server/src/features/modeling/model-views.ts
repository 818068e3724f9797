import { USER_GROUP_SUBTYPE, type JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { accessorOf, type ObjectAccess } from '../objects/object-access.service.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { toModelView } from './model-definition.ts';
import type { ModeledObject } from './model-store.ts';

/** What a client has asked to see besides the definition. */
export interface ModelShow {
  readonly acl: boolean;
}

/** A modeled object as one caller sees it. */
export async function viewModel(
  db: Executor<MetadataTables>,
  { access, caller }: { readonly access: ObjectAccess; readonly caller: Caller },
  { row, object }: ModeledObject,
  show: ModelShow,
): Promise<JsonObject> {
  const rights = await access.masks(db, accessorOf(caller, row.scope), [row.acl_id]);
  return toModelView(object, {
    rights: rights.get(row.acl_id) ?? 0,
    ...(show.acl ? { acl: await aclByTrustee(db, object.acl) } : {}),
  });
}

/** The list as the modeling API has it: by trustee, with what is granted and denied. */
async function aclByTrustee(
  db: Executor<MetadataTables>,
  entries: ModeledObject['object']['acl'],
): Promise<JsonObject> {
  const trustees = await objectReader(db).loadPrincipals([...new Set(entries.map((entry) => entry.trusteeId))]);
  const acl: Record<string, { granted: number; denied: number; subType: string; name: string; inheritable: boolean }> =
    {};
  for (const entry of entries) {
    const trustee = trustees.get(entry.trusteeId);
    const known = acl[entry.trusteeId];
    acl[entry.trusteeId] = {
      granted: (known?.granted ?? 0) | (entry.deny ? 0 : entry.rights),
      denied: (known?.denied ?? 0) | (entry.deny ? entry.rights : 0),
      subType: trustee?.subtype === USER_GROUP_SUBTYPE ? 'user_group' : 'user',
      name: trustee?.name ?? entry.trusteeId,
      inheritable: entry.inheritable,
    };
  }
  return acl;
}
