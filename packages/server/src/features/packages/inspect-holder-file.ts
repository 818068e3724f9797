import type { Readable } from 'node:stream';
import type { PackageManifest } from '@longshore/contracts';
import { levelOf, type PackageEntry } from '@longshore/domain';
import { checkPlatformVersion, type OpenPackage } from '@longshore/package-file';
import type { HolderOptions } from './holder-deps.ts';
import type { HolderView } from './holder-records.ts';
import { contentOf, withPackage } from './package-entries.ts';

export interface InspectedFile {
  readonly manifest: PackageManifest;
  readonly view: HolderView;
}

/**
 * Reads an uploaded file to its end, digests included, and what it shows of its content. The stream is closed when this
 * settles.
 * @throws AppError `invalid` saying what is wrong with the file
 */
export function inspectHolderFile(stream: Readable, options: HolderOptions): Promise<InspectedFile> {
  const read = async (opened: OpenPackage): Promise<InspectedFile> => {
    const { manifest } = opened;
    checkPlatformVersion(manifest.platformVersion, options.platformVersion);
    if (manifest.kind === 'undo') {
      const batches = opened.batches();
      while (!(await batches.next()).done);
      return { manifest, view: {} };
    }
    const content: ShownEntry[] = [];
    for await (const { entry } of contentOf(opened)) content.push(shownEntry(entry));
    const settings = { ...manifest.settings, aclOnReplacingObjects: manifest.settings.aclOnReplacingObjects ?? null };
    return { manifest, view: { settings, content } };
  };
  return withPackage(stream, read, options.maxPackageBytes);
}

type ShownEntry = NonNullable<HolderView['content']>[number];

/** A file does not tell any more what was listed and what was pulled in. */
function shownEntry(entry: PackageEntry): ShownEntry {
  const { id, name, type, version, ownerId, dateCreated, dateModified, action } = entry;
  const known = entry.absent ? {} : { version, owner: { id: ownerId }, dateCreated, dateModified };
  return { id, name, type, ...known, action, level: levelOf(type) };
}
