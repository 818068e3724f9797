import type { SourceHeader } from './package-source.repository.ts';

/** The folders of a project, and how they are nested. */
export interface FolderTree {
  /** Every folder before those that are in it, those of one depth by id. */
  readonly topDown: readonly SourceHeader[];
  /** Ids of the folders above an object, the nearest first. */
  ancestorsOf(object: { readonly parentId: string | null }): readonly string[];
}

/** Folders nested in a circle are cut where they meet again: they are packed, and the import refuses them. */
export function folderTree(folders: readonly SourceHeader[]): FolderTree {
  const parents = new Map(folders.map((folder) => [folder.id, folder.parentId]));
  const known = new Map<string, readonly string[]>();
  const chainOf = (folderId: string): readonly string[] => {
    const chain: string[] = [];
    const seen = new Set<string>();
    for (let at: string | null = folderId; at !== null && parents.has(at) && !seen.has(at);) {
      seen.add(at);
      chain.push(at);
      at = parents.get(at) ?? null;
    }
    return chain;
  };
  const ancestorsOf: FolderTree['ancestorsOf'] = ({ parentId }) => {
    if (parentId === null) return [];
    const chain = known.get(parentId) ?? chainOf(parentId);
    known.set(parentId, chain);
    return chain;
  };
  const depths = new Map(folders.map((folder) => [folder.id, ancestorsOf(folder).length]));
  const depthOf = (folder: SourceHeader): number => depths.get(folder.id) ?? 0;
  return {
    topDown: folders.toSorted((a, b) => depthOf(a) - depthOf(b) || (a.id < b.id ? -1 : 1)),
    ancestorsOf,
  };
}
