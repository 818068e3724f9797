/** What speaks against a plan, as data. Texts are made in `describe-issue.ts`. */

/** An object as messages name it. */
export interface ObjRef {
  readonly id: string;
  readonly type: number;
  readonly name: string;
}

/** Something that is not there; the name is empty where nobody knows it. */
export interface MissingRef {
  readonly id: string;
  readonly type: number | null;
  readonly name?: string;
}

/** What a link leads to; its type is null where the link does not tell it, its name empty where nobody knows it. */
export interface LinkedRef {
  readonly id: string;
  readonly type: number | null;
  readonly name: string;
}

/** Stops an import or an undo before anything is written. */
export type BlockingIssue =
  /** The id is on the target, but with another type. */
  | {
      readonly type: 'type-mismatch';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly existing: ObjRef;
    }
  /** A system object, a well-known principal or the importing user was to be deleted. */
  | { readonly type: 'protected-object'; readonly severity: 'blocking'; readonly object: ObjRef }
  /** A package of links alone has some for a user or group that the target does not have. */
  | { readonly type: 'missing-principal'; readonly severity: 'blocking'; readonly object: ObjRef }
  /** A link of the user or group `object` leads to something that the target does not have. */
  | {
      readonly type: 'missing-link-target';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly missing: LinkedRef;
    }
  /** `object` needs something that is neither in the package nor on the target. */
  | {
      readonly type: 'missing-dependency';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly missing: MissingRef;
    }
  /** `object` was to be deleted, but `user` would still need it. */
  | { readonly type: 'used-delete'; readonly severity: 'blocking'; readonly object: ObjRef; readonly user: ObjRef }
  /** The parent folder would not be there after the import. */
  | {
      readonly type: 'missing-parent';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly parentId: string;
    }
  /** A folder was to be deleted, but `child` would still be in it. */
  | {
      readonly type: 'folder-not-empty';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly child: ObjRef;
    }
  /** A folder would end up inside itself, or below one that does. */
  | { readonly type: 'folder-cycle'; readonly severity: 'blocking'; readonly object: ObjRef }
  /** Another object has the name in the folder, and the policy is `fail`. */
  | {
      readonly type: 'name-clash';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly parentId: string | null;
      readonly holderId: string;
    }
  /** Another user has the login name. */
  | {
      readonly type: 'login-name-clash';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly loginName: string;
      readonly holder: ObjRef;
    }
  /** Undo: an object that the import made is used by something else now. */
  | {
      readonly type: 'created-object-in-use';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly user: ObjRef;
    }
  /** Undo: the object would come back, but not what it needs. */
  | {
      readonly type: 'restored-need-missing';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly missing: MissingRef;
    }
  /** Undo: the object would come back into a folder that would not be there. */
  | {
      readonly type: 'restored-folder-missing';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly parentId: string;
    }
  /** Undo: a folder would go back into `holder`, and so end up inside itself. */
  | {
      readonly type: 'restored-folder-cycle';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly holder: ObjRef;
    }
  /** Undo: `holder`, of the same type, has the name in the folder to which the object would go back. */
  | {
      readonly type: 'restored-name-taken';
      readonly severity: 'blocking';
      readonly object: ObjRef;
      readonly holder: ObjRef;
      /** Null where objects lie in no folder. */
      readonly folder: ObjRef | null;
    };

/** Does not stop anything; goes into the record. */
export type Warning =
  /** Entries of access control lists were dropped, because the trustee is not on the target. */
  | {
      readonly type: 'missing-trustee';
      readonly severity: 'warning';
      /** One of the objects concerned. */
      readonly object: ObjRef;
      readonly trusteeId: string;
      readonly objectCount: number;
    }
  /** Objects need something that is not on the target, and were imported all the same (`validateDependencies` false). */
  | {
      readonly type: 'dangling-reference';
      readonly severity: 'warning';
      /** One of the objects concerned. */
      readonly object: ObjRef;
      readonly missing: MissingRef;
      readonly objectCount: number;
    }
  /** A link of a user or group was left out, because what it leads to is not on the target. */
  | {
      readonly type: 'link-left-out';
      readonly severity: 'warning';
      readonly object: ObjRef;
      readonly missing: LinkedRef;
    }
  /** The owner is not on the target; the importing user (new objects) or the owner so far (replaced ones) owns them. */
  | {
      readonly type: 'missing-owner';
      readonly severity: 'warning';
      readonly object: ObjRef;
      readonly ownerId: string;
      readonly objectCount: number;
    }
  /** The name was taken in the folder. */
  | { readonly type: 'renamed'; readonly severity: 'warning'; readonly object: ObjRef; readonly newName: string }
  /** Undo: the object was edited, deleted or made again after the import; that work is overwritten. */
  | {
      readonly type: 'changed-since-import';
      readonly severity: 'warning';
      readonly object: ObjRef;
      readonly change: 'edited' | 'deleted' | 'recreated';
      /** What the undo does about it. */
      readonly undo: 'restores' | 'deletes' | 'nothing';
    }
  /** Undo: a folder that the import made holds something else now, and stays. */
  | { readonly type: 'created-folder-kept'; readonly severity: 'warning'; readonly object: ObjRef };

export type Issue = BlockingIssue | Warning;
export type IssueType = Issue['type'];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What else an issue is about, so that several issues on one object have an order. */
function secondary(issue: Issue): string {
  if ('missing' in issue) return issue.missing.id;
  if ('user' in issue) return issue.user.id;
  if ('child' in issue) return issue.child.id;
  if ('holder' in issue) return issue.holder.id;
  if ('trusteeId' in issue) return issue.trusteeId;
  return 'ownerId' in issue ? issue.ownerId : '';
}

/** The order in which issues are listed: blocking ones first, then by type of issue, object type, object id. */
export function compareIssues(a: Issue, b: Issue): number {
  return (
    compareText(a.severity, b.severity) ||
    compareText(a.type, b.type) ||
    a.object.type - b.object.type ||
    compareText(a.object.id, b.object.id) ||
    compareText(secondary(a), secondary(b))
  );
}
