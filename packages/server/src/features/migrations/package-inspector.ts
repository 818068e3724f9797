import { AppError, parsePackageEntry } from '@longshore/contracts';
import { PackageFileError, checkPlatformVersion, readPackage, type OpenPackage } from '@longshore/package-file';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { StorePath } from '../../platform/files/store-path.ts';
import { damaged } from './import/damaged.ts';
import type { PackageInspector } from './migration-deps.ts';
import type { PackageRule } from './package-rules.ts';

/** Looks into the package files of the shared file store. */
export function createPackageInspector(files: FileStore, ownPlatformVersion: string): PackageInspector {
  return {
    async readManifest(path) {
      return withPackage(files, path, async ({ manifest }) => {
        checkPlatformVersion(manifest.platformVersion, ownPlatformVersion);
        return manifest;
      });
    },
    async readRules(path) {
      return withPackage(files, path, async ({ batches }) => {
        const rules = new Map<string, PackageRule>();
        for await (const batch of batches()) {
          for (const { header } of batch) {
            const entry = parsePackageEntry(header);
            if (!entry) throw damaged('an object has a header line that is not one');
            if (entry.role !== 'ancestor') rules.set(entry.id, { type: entry.type, action: entry.action });
          }
        }
        return rules;
      });
    },
  };
}

async function withPackage<T>(
  files: FileStore,
  path: StorePath,
  read: (opened: OpenPackage) => Promise<T>,
): Promise<T> {
  const { stream } = await files.openRead(path);
  try {
    return await read(await readPackage(stream));
  } catch (error) {
    if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
    throw error;
  } finally {
    stream.destroy();
  }
}
