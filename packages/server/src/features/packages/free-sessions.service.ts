import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { removeHolder, removeImport } from './remove-holder.ts';

export interface FreeSessionsParts {
  readonly platform: Platform;
  readonly files: FileStore;
  /** Idle limit of a session in seconds. */
  readonly sessionTimeout: number;
}

/** The moment of last access in the database can be older than the true one by this much. */
const LONGEST_WRITE_DELAY_MS = 30_000;

/**
 * Frees what sessions that have ended have left: their packages, their imports and the files of both. What a job is at
 * work on is freed when the job has ended. To be called whenever a session or a job ends, and at start.
 */
export async function freeEndedSessions({ platform, files, sessionTimeout }: FreeSessionsParts): Promise<void> {
  const idleSince = platform.clock.now() - sessionTimeout * 1000 - LONGEST_WRITE_DELAY_MS;
  const { reader } = platform.library;
  const holders = await holderRepository(reader).loadLeft(idleSince);
  const imports = await holderImportRepository(reader).loadLeft(idleSince);
  if (holders.length + imports.length === 0) return;
  await platform.library.write(async (tx) => {
    for (const holder of holders) await removeHolder(tx, holder);
    for (const record of imports) await removeImport(tx, record);
  });
  await removeReleasedFiles(platform, files);
}
