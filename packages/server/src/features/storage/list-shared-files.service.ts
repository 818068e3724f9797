import { AppError, SHARED_FILE_TYPES, type SharedFileList, type SharedFileType } from '@longshore/contracts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';
import { toSharedFile } from './shared-file-mapper.ts';
import { sharedFilesRepository, type SharedFileRecord } from './shared-files.repository.ts';

/** Largest page; -1 asks for it (spec/api.md 1.8). */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

export interface ListSharedFiles {
  readonly type: string | undefined;
  readonly offset: number | undefined;
  readonly limit: number | undefined;
}

/**
 * Use case: a page of the files of one type, newest first. Whether a file is there is looked up, since the store is
 * shared and can be changed.
 * @throws AppError `missing` without a type, `invalid` for an unknown one or a page that cannot be
 */
export async function listSharedFiles(deps: SharedFileDeps, request: ListSharedFiles): Promise<SharedFileList> {
  const type = readType(request.type);
  const offset = request.offset ?? 0;
  const limit = request.limit === -1 ? MAX_LIMIT : (request.limit ?? DEFAULT_LIMIT);
  if (offset < 0) throw new AppError('invalid', `offset ${offset} must be 0 or more.`);
  if (limit < 0 || limit > MAX_LIMIT) {
    throw new AppError('invalid', `limit ${limit} must be 0 to ${MAX_LIMIT}, or -1 for ${MAX_LIMIT}.`);
  }
  const repository = sharedFilesRepository(deps.platform.library.reader);
  const total = await repository.countFiles(type);
  const page = limit === 0 || offset >= total ? [] : await repository.listFiles(type, { offset, limit });
  return { total, data: (await withFoundFiles(deps, page)).map(toSharedFile) };
}

function readType(text: string | undefined): SharedFileType {
  if (text === undefined) throw new AppError('missing', 'The query parameter type is required.');
  const type = SHARED_FILE_TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  throw new AppError('invalid', `type '${text.slice(0, 100)}' is not one of ${SHARED_FILE_TYPES.join(', ')}.`);
}

/** The list must stay readable while the store is away: then it shows what was last known. */
async function withFoundFiles(
  { files, platform }: SharedFileDeps,
  records: readonly SharedFileRecord[],
): Promise<readonly SharedFileRecord[]> {
  const lookUp = async (record: SharedFileRecord): Promise<SharedFileRecord> => {
    const existing = record.existing && (await files.stat(parseStorePath(record.path))) !== null;
    return { ...record, existing };
  };
  try {
    return await Promise.all(records.map(lookUp));
  } catch (error) {
    platform.log.warn({ err: error }, 'The shared file store cannot be read');
    return records;
  }
}
