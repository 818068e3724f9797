import { AppError } from '@longshore/contracts';
import { downloadName, type FileDownload } from '../../platform/http/send-file.ts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { getSharedFile } from './get-shared-file.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';

/**
 * Use case: the bytes of an uploaded file.
 * @throws AppError `notFound` for an unknown file or one whose bytes are not there, `storageMisconfigured`
 */
export async function downloadSharedFile(deps: SharedFileDeps, fileId: string): Promise<FileDownload> {
  const record = await getSharedFile(deps, fileId);
  const path = parseStorePath(record.path);
  if (!record.existing || (await deps.files.stat(path)) === null) {
    throw new AppError(
      'notFound',
      `The file with id ${fileId} has no bytes in the shared file store. Upload it first.`,
    );
  }
  const opened = await deps.files.openRead(path);
  return { ...opened, fileName: downloadName(record.name ?? '', record.guid) };
}
