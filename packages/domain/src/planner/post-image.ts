import { compareIssues } from './issues.ts';
import type { BlockingIssue, ObjRef, Warning, MissingRef } from './issues.ts';

/**
 * What is wrong with the target as it would be after the import or undo, found by SQL over the post-image. Each list
 * may be cut by the caller after some hundred rows; one row is enough to stop.
 */
export interface PostImageFacts {
  /** `user` is on the target afterwards, `missing` is not. */
  readonly missingDependencies: readonly {
    readonly user: ObjRef;
    readonly missing: MissingRef;
  }[];
  /** `deleted` goes, `user` stays and needs it. */
  readonly usedDeletes: readonly { readonly deleted: ObjRef; readonly user: ObjRef }[];
  /** `object` lies in a folder that is not there afterwards. */
  readonly missingParents: readonly { readonly object: ObjRef; readonly parentId: string }[];
  /** `folder` goes, `child` stays in it. */
  readonly nonEmptyFolderDeletes: readonly { readonly folder: ObjRef; readonly child: ObjRef }[];
  /** Folders that get a place from which no root can be reached, because the chain of parents runs in a circle. */
  readonly folderCycles: readonly ObjRef[];
}

/** The facts as blocking issues, in their fixed order. A reference that a delete breaks is told once, as `used-delete`. */
export function checkPostImage(facts: PostImageFacts): BlockingIssue[] {
  const toldAsDelete = new Set(facts.usedDeletes.map(({ deleted, user }) => `${user.id} ${deleted.id}`));
  const issues: BlockingIssue[] = [
    ...facts.missingDependencies
      .filter(({ user, missing }) => !toldAsDelete.has(`${user.id} ${missing.id}`))
      .map(
        ({ user, missing }) => ({ type: 'missing-dependency', severity: 'blocking', object: user, missing }) as const,
      ),
    ...facts.usedDeletes.map(
      ({ deleted, user }) => ({ type: 'used-delete', severity: 'blocking', object: deleted, user }) as const,
    ),
    ...facts.missingParents.map(
      ({ object, parentId }) => ({ type: 'missing-parent', severity: 'blocking', object, parentId }) as const,
    ),
    ...facts.nonEmptyFolderDeletes.map(
      ({ folder, child }) => ({ type: 'folder-not-empty', severity: 'blocking', object: folder, child }) as const,
    ),
    ...facts.folderCycles.map((object) => ({ type: 'folder-cycle', severity: 'blocking', object }) as const),
  ];
  return issues.toSorted(compareIssues);
}

/** Something that objects need and that is not on the target afterwards; `user` is one of them. */
export interface DanglingFact {
  readonly user: ObjRef;
  readonly missing: MissingRef;
  readonly objectCount: number;
}

/** The same facts where missing dependencies are not to stop the import, counted per missing object. */
export function danglingReferences(facts: readonly DanglingFact[]): Warning[] {
  return facts
    .map(({ user, ...rest }) => ({ type: 'dangling-reference', severity: 'warning', object: user, ...rest }) as const)
    .toSorted(compareIssues);
}
