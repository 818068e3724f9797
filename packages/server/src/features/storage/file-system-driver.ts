import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { FilesystemStore } from '../../platform/files/filesystem-store.ts';
import { isMissing } from '../../platform/files/store-errors.ts';
import type { DriverSettings, StorageDriver } from './storage-driver.ts';

/** The shared file store in a folder, for example of a network drive that all environments have mounted. */
export function createFileSystemDriver(instanceId: string): StorageDriver {
  const storeAt = ({ plain }: DriverSettings): FilesystemStore =>
    new FilesystemStore({ location: plain.location ?? '', instanceId });
  return {
    async findProblem(settings) {
      const { location } = settings.plain;
      if (location === undefined) {
        return 'sharedFileStore.location is required: the absolute path of the folder that all environments share.';
      }
      const shown = `sharedFileStore.location ${JSON.stringify(location)}`;
      if (!isAbsolute(location) || location.includes('\0')) {
        return `${shown} must be an absolute path of a folder on this server.`;
      }
      return (await findFolderProblem(location, shown)) ?? findUseProblem(storeAt(settings), shown);
    },
    place: async ({ plain }) => ({ kind: 'folder', location: plain.location ?? '' }),
    open: async (settings) => storeAt(settings),
  };
}

async function findFolderProblem(location: string, shown: string): Promise<string | undefined> {
  try {
    return (await stat(location)).isDirectory() ? undefined : `${shown} is not a folder. Give the path of a folder.`;
  } catch (error) {
    if (isMissing(error)) return `${shown} does not exist on this server. Create or mount the folder first.`;
    return `${shown} cannot be reached by this server (${reasonOf(error)}).`;
  }
}

async function findUseProblem(store: FilesystemStore, shown: string): Promise<string | undefined> {
  try {
    await store.check();
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return `${shown} cannot be read and written by this server (${reasonOf(cause)}). Give its user access to the folder.`;
  }
}

/** The system's word for it, such as EACCES; the full text would repeat the path. */
function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null | undefined)?.code ?? 'unknown reason';
}
