import type { SharedFileDeps } from './shared-file-deps.ts';
import { fileNotFound, requireGuid } from './shared-file-id.ts';
import { sharedFilesRepository, type SharedFileRecord } from './shared-files.repository.ts';

/** @throws AppError `notFound` */
export async function getSharedFile(deps: Pick<SharedFileDeps, 'platform'>, fileId: string): Promise<SharedFileRecord> {
  const found = await sharedFilesRepository(deps.platform.library.reader).findFile(requireGuid(fileId));
  if (!found) throw fileNotFound(fileId);
  return found;
}
