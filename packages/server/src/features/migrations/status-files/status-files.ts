import { MAX_STATUS_FILE_BYTES } from '@longshore/contracts';
import type { FileStore } from '../../../platform/files/file-store.ts';
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
  const found = await files.stat(path);
  if (!found) return null;
  if (found.size > MAX_STATUS_FILE_BYTES) return '';
  const { stream } = await files.openRead(path);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

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
