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

export interface ReplacedAclRequest {
  readonly existingAclId: string;
  readonly incomingAclId: string;
  readonly isFolder: boolean;
}

/** Works out access control lists by id. A package has few different lists, so each combination is worked out once. */
export interface AclResolver {
  forReplaced(request: ReplacedAclRequest): ResolvedAclId;
  forNew(request: NewAclRequest): ResolvedAclId;
  /** From then on objects created in the folder inherit from this list. */
  setFolderAcl(folderId: string, aclId: string): void;
  /** Key of the list that objects created in the folder would inherit from now; null when nothing is known of it. */
  folderAcl(folderId: string): string | null;
  /** From then on no folder gets a list that was put into the book before: what lies in it would look for it there. */
  forget(): void;
}

/** Combinations that are remembered, and trustees that were left out of them. */
const MOST_REMEMBERED = 50_000;

class ResolvedAcls {
  readonly #known = new Map<string, ResolvedAclId>();
  #size = 0;

  of(key: string, resolve: () => ResolvedAclId): ResolvedAclId {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = resolve();
    if (this.#size >= MOST_REMEMBERED) this.clear();
    this.#known.set(key, result);
    this.#size += 1 + result.droppedTrustees.length;
    return result;
  }

  clear(): void {
    this.#known.clear();
    this.#size = 0;
  }
}

export function createAclResolver(context: PlanContext): AclResolver {
  const { acls, settings } = context;
  const inherits = settings.aclOnNewObjects.includes('inherit_acl_as_dest_folder');
  const folderAcls = new Map<string, string | null>();
  const resolved = { folders: new ResolvedAcls(), others: new ResolvedAcls() };
  const principals = new Map<string, boolean>();

  const principalExists = (id: string): boolean => {
    const known = principals.get(id) ?? context.principalExists(id);
    principals.set(id, known);
    return known;
  };

  const once = (key: string, isFolder: boolean, resolve: () => ResolvedAcl): ResolvedAclId => {
    const known = isFolder ? resolved.folders : resolved.others;
    return known.of(key, () => {
      const { acl, droppedTrustees } = resolve();
      return { aclId: acls.put(acl), droppedTrustees };
    });
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
    forReplaced({ existingAclId, incomingAclId, isFolder }) {
      const setting = settings.aclOnReplacingObjects;
      // The target's own list stays under its own id, even if it was not written in canonical form.
      if (setting === null || setting === 'use_existing') return { aclId: existingAclId, droppedTrustees: [] };
      return once(`replaced ${existingAclId} ${incomingAclId}`, isFolder, () =>
        aclForReplaced(setting, acls.get(existingAclId), acls.get(incomingAclId), principalExists),
      );
    },

    forNew({ incomingAclId, parentId, isFolder, ownerId }) {
      const parentAclId = inherits ? folderAcl(parentId) : null;
      // Without inheritance nothing but the package's list matters.
      const key = inherits ? `new ${incomingAclId} ${parentAclId} ${isFolder} ${ownerId}` : `new ${incomingAclId}`;
      return once(key, isFolder, () => {
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
      resolved.folders.clear();
      principals.clear();
    },
  };
}
