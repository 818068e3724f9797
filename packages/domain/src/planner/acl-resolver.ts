import { aclForNew, aclForReplaced } from '../rules/acl-settings.ts';
import type { ResolvedAcl } from '../rules/acl-settings.ts';
import type { PlanContext } from './plan-types.ts';

/** An interned access control list that was worked out, and the trustees it lost on the way. */
export interface ResolvedAclId {
  readonly aclId: string;
  readonly droppedTrustees: readonly string[];
}

export interface NewAclRequest {
  readonly incomingAclId: string;
  readonly parentId: string | null;
  readonly isFolder: boolean;
  readonly ownerId: string;
}

/** Works out access control lists by id. A package has few different lists, so each combination is worked out once. */
export interface AclResolver {
  forReplaced(existingAclId: string, incomingAclId: string): ResolvedAclId;
  forNew(request: NewAclRequest): ResolvedAclId;
  /** From then on objects created in the folder inherit from this list. */
  setFolderAcl(folderId: string, aclId: string): void;
  /** Key of the list that objects created in the folder would inherit from now; null when nothing is known of it. */
  folderAcl(folderId: string): string | null;
  /** Lets go of what was worked out; it is worked out again when it is needed. */
  forget(): void;
}

export function createAclResolver(context: PlanContext): AclResolver {
  const { acls, settings } = context;
  const inherits = settings.aclOnNewObjects.includes('inherit_acl_as_dest_folder');
  const folderAcls = new Map<string, string | null>();
  const resolved = new Map<string, ResolvedAclId>();
  const principals = new Map<string, boolean>();

  const principalExists = (id: string): boolean => {
    const known = principals.get(id) ?? context.principalExists(id);
    principals.set(id, known);
    return known;
  };

  const once = (key: string, resolve: () => ResolvedAcl): ResolvedAclId => {
    const known = resolved.get(key);
    if (known !== undefined) return known;
    const { acl, droppedTrustees } = resolve();
    const result = { aclId: acls.put(acl), droppedTrustees };
    resolved.set(key, result);
    return result;
  };

  const folderAcl = (folderId: string | null): string | null => {
    if (folderId === null) return null;
    const known = folderAcls.get(folderId);
    if (known !== undefined) return known;
    const existing = context.existingFolderAcl(folderId);
    folderAcls.set(folderId, existing);
    return existing;
  };

  return {
    forReplaced(existingAclId, incomingAclId) {
      const setting = settings.aclOnReplacingObjects;
      // The target's own list stays under its own id, even if it was not written in canonical form.
      if (setting === null || setting === 'use_existing') return { aclId: existingAclId, droppedTrustees: [] };
      return once(`replaced ${existingAclId} ${incomingAclId}`, () =>
        aclForReplaced(setting, acls.get(existingAclId), acls.get(incomingAclId), principalExists),
      );
    },

    forNew({ incomingAclId, parentId, isFolder, ownerId }) {
      const parentAclId = inherits ? folderAcl(parentId) : null;
      // Without inheritance nothing but the package's list matters.
      const key = inherits ? `new ${incomingAclId} ${parentAclId} ${isFolder} ${ownerId}` : `new ${incomingAclId}`;
      return once(key, () => {
        const parent = parentAclId === null ? [] : acls.get(parentAclId);
        const object = { incoming: acls.get(incomingAclId), parent, isFolder, ownerId };
        return aclForNew(settings.aclOnNewObjects, object, principalExists);
      });
    },

    setFolderAcl(folderId, aclId) {
      folderAcls.set(folderId, aclId);
    },

    folderAcl(folderId) {
      const known = folderAcls.get(folderId);
      return known === undefined ? context.existingFolderAcl(folderId) : known;
    },

    forget() {
      resolved.clear();
      principals.clear();
    },
  };
}
