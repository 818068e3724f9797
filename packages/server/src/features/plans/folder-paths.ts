import type { FolderView, plannedObjects } from './planned-objects.repository.ts';

interface Folder {
  readonly name: string;
  readonly parentId: string | null;
}

/** So many folders are kept at a time; a project with more costs some queries more. */
const MOST_FOLDERS = 20_000;
/** Deeper than any real tree: a circle, which a blocked plan may have. */
const MOST_LEVELS = 200;

/** Gives folders their paths, loading each folder once and level by level. */
export class FolderPaths {
  readonly #view: FolderView;
  readonly #objects: ReturnType<typeof plannedObjects>;
  readonly #folders = new Map<string, Folder>();

  constructor(view: FolderView, objects: ReturnType<typeof plannedObjects>) {
    this.#view = view;
    this.#objects = objects;
  }

  /** Names of the folders from the top, each after a slash, by folder id. */
  async of(ids: readonly (string | null)[]): Promise<(id: string | null) => string> {
    if (this.#folders.size > MOST_FOLDERS) this.#folders.clear();
    let wanted = new Set(ids.filter((id) => id !== null));
    for (let level = 0; wanted.size > 0 && level < MOST_LEVELS; level += 1) {
      const unknown = [...wanted].filter((id) => !this.#folders.has(id));
      for (const { id, name, parentId } of await this.#objects.loadFolders(this.#view, unknown)) {
        this.#folders.set(id, { name: name ?? id, parentId });
      }
      wanted = new Set([...wanted].map((id) => this.#folders.get(id)?.parentId ?? null).filter((id) => id !== null));
    }
    return (id) => this.#pathOf(id);
  }

  #pathOf(id: string | null): string {
    const names: string[] = [];
    for (let at = id; at !== null && names.length < MOST_LEVELS;) {
      const folder: Folder | undefined = this.#folders.get(at);
      if (!folder) break;
      names.push(folder.name);
      at = folder.parentId;
    }
    return names
      .toReversed()
      .map((name) => `/${name}`)
      .join('');
  }
}
