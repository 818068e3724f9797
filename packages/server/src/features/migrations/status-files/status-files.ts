import { MAX_STATUS_FILE_BYTES } from '@longshore/contracts';
import type { FileStore, FileVersion } from '../../../platform/files/file-store.ts';
import { fileUnwritable } from '../../../platform/files/store-errors.ts';
import { parseStorePath, type StorePath } from '../../../platform/files/store-path.ts';
import type { Platform } from '../../../platform/platform.ts';
import { statusFileRepository } from './status-files.repository.ts';

/**
 * Puts a small file into the shared store, whole, in place of one that was there.
 * @throws AppError `storageMisconfigured` with the text that clients know.
 */
export async function writeStatusFile(files: FileStore, path: StorePath, content: string): Promise<void> {
  const pending = await files.create(path);
  pending.stream.write(content);
  await pending.commit();
}

/**
 * The text of a status file; null when there is none. A file that is too large to be one reads as an empty text.
 * @throws AppError `storageMisconfigured` when the store cannot be read.
 */
export async function readStatusFile(files: FileStore, path: StorePath): Promise<string | null> {
  return (await readVersion(files, path))?.text ?? null;
}

interface TextVersion {
  readonly text: string;
  readonly version: FileVersion;
}

async function readVersion(files: FileStore, path: StorePath): Promise<TextVersion | null> {
  const found = await files.read(path, MAX_STATUS_FILE_BYTES);
  return found && { text: found.content?.toString('utf8') ?? '', version: found.version };
}

/**
 * Changes a status file that several environments change. `change` gets the text that is there, null for none, and
 * gives the one that is to be there, null to leave it; it is asked again when somebody else was faster, so that nobody
 * overwrites what he has not seen.
 * @throws AppError `storageMisconfigured` with the text that clients know.
 */
export async function changeStatusFile(
  files: FileStore,
  path: StorePath,
  change: (text: string | null) => Promise<string | null> | string | null,
): Promise<void> {
  for (let tries = 1; tries <= CHANGE_TRIES; tries += 1) {
    const seen = await readVersion(files, path);
    const content = await change(seen?.text ?? null);
    if (content === null || (await files.replace(path, Buffer.from(content), seen?.version ?? null))) return;
  }
  throw fileUnwritable(new Error(`${path} was changed by others at each of ${CHANGE_TRIES} tries`));
}

/** Whoever is too late was overtaken by one who was not; so many in a row is more than there are environments. */
const CHANGE_TRIES = 50;

/**
 * Brings the files that are due to the store. Called after each commit that made one due, and at start. What the store
 * does not take now stays due; nobody waits for it.
 */
export async function bringStatusFiles(platform: Platform, files: FileStore): Promise<void> {
  for (const due of await statusFileRepository(platform.library.reader).loadDue()) {
    try {
      await writeStatusFile(files, parseStorePath(due.path), due.content);
      await platform.library.write((tx) => statusFileRepository(tx).markBrought(due));
    } catch (error) {
      platform.log.warn({ err: error, path: due.path }, 'A status file could not be written; tried again later');
    }
  }
}
