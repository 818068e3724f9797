import { mkdir, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Fails when a path, after links are followed, is not inside the store's real root. */
export function assertInside(root: string, real: string): void {
  const folder = root.endsWith(sep) ? root : `${root}${sep}`;
  if (!real.startsWith(folder)) throw new Error(`${real} is not inside the storage location ${root}`);
}

/**
 * Makes the folders of a relative path below the root, and gives the last one after links are followed. It goes level
 * by level for two reasons: the root itself must never be made (a missing one is a lost mount, not a new store), and
 * the recursive mkdir of Node tries for ever on file systems that answer "no such folder" to a mkdir.
 */
export async function makeFolders(root: string, relative: string): Promise<string> {
  let folder = root;
  const above: string[] = [];
  let isNew = false;
  for (const name of relative.split('/')) {
    above.push(folder);
    const below = join(folder, name);
    isNew = (await makeFolder(below)) || isNew;
    folder = await realpath(below);
    assertInside(root, folder);
  }
  // A new name outlasts a crash only once the folder that holds it is synced.
  if (isNew) for (const parent of above) await syncFolder(parent);
  return folder;
}

/** True when the folder was not there before. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Brings the names in a folder to disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and needs no sync of it.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
