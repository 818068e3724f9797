import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type PackageManifest, type SharedFile } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { PendingFile } from '../../platform/files/file-store.ts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { getSharedFile } from './get-shared-file.ts';
import { inspectUpload } from './inspect-upload.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';
import { fileNotFound, requireGuid, sharedFileId } from './shared-file-id.ts';
import { toSharedFile } from './shared-file-mapper.ts';
import { sharedFilesRepository, type SharedFileRecord } from './shared-files.repository.ts';
import { UploadMeter } from './upload-meter.ts';

/** One file of a form; the next one comes when the content of this one was read. */
export interface UploadPart {
  readonly name: string;
  readonly content: Readable;
}

export interface UploadSharedFile {
  readonly fileId: string;
  /** Begins to read the form, whose file has so many bytes. */
  parts(size: number): AsyncIterable<UploadPart>;
}

/** The one part that is looked for. */
const PART_NAME = 'file';

/**
 * Use case: take in the bytes of a file that was announced (spec/api.md 2.9). They go to the store as they come, and
 * nobody sees them until size, digest and the whole package were found right. Whatever is wrong leaves nothing behind.
 * @throws AppError `notFound`, `busy`, `invalid` saying what is wrong, `storageMisconfigured`
 */
export async function uploadSharedFile(deps: SharedFileDeps, upload: UploadSharedFile): Promise<SharedFile> {
  const release = deps.held.hold(requireGuid(upload.fileId));
  try {
    const record = await getSharedFile(deps, upload.fileId);
    await requireEmpty(deps, record);
    return toSharedFile(await store(deps, record, upload));
  } finally {
    release();
  }
}

/** Bytes that records may already name are never replaced. Lost ones can be uploaded again. */
async function requireEmpty({ files }: SharedFileDeps, record: SharedFileRecord): Promise<void> {
  if (!record.existing || (await files.stat(parseStorePath(record.path))) === null) return;
  throw new AppError(
    'invalid',
    `The file ${record.name ?? ''} (${sharedFileId(record.type, record.guid)}) was uploaded already (existing is true). ` +
      'Delete it, or announce a further file.',
  );
}

async function store(
  deps: SharedFileDeps,
  record: SharedFileRecord,
  upload: UploadSharedFile,
): Promise<SharedFileRecord> {
  const pending = await deps.files.create(parseStorePath(record.path));
  try {
    const { size, sha256 } = await receive(pending, upload.parts(record.size), record.size);
    if (size !== record.size) {
      throw new AppError('invalid', `size is ${record.size} bytes, but the uploaded file has ${size}.`);
    }
    if (sha256 !== record.sha256) {
      throw new AppError('invalid', `sha256 is ${record.sha256}, but that of the uploaded file is ${sha256}.`);
    }
    const manifest = await inspectUpload(await pending.openRead(), record, deps.options);
    return await keep(deps, record, { pending, manifest });
  } catch (error) {
    await pending.discard();
    throw error;
  }
}

interface Received {
  readonly size: number;
  readonly sha256: string;
}

/** Reads the form to its end: a form that is cut off after the file is cut off all the same. */
async function receive(pending: PendingFile, parts: AsyncIterable<UploadPart>, announced: number): Promise<Received> {
  let received: Received | undefined;
  for await (const { name, content } of parts) {
    if (received || name !== PART_NAME) {
      content.destroy();
      throw new AppError('invalid', `The form must hold exactly one file part, named '${PART_NAME}'.`);
    }
    const meter = new UploadMeter(announced);
    await pipeline(content, meter, pending.stream).catch((error: unknown) => {
      throw toRefusal(error);
    });
    received = { size: meter.size, sha256: meter.digest() };
  }
  if (received) return received;
  throw new AppError('invalid', `The form holds no file part named '${PART_NAME}'.`);
}

/** The store and the meter say themselves what is wrong; all else comes from the one who sends. */
function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('invalid', 'The upload ended before it was complete. Upload the file again.', { cause: error });
}

/**
 * Lets the bytes appear in the transaction that marks the record: only one process at a time writes there, so that a
 * deletion comes before, and no bytes appear, or after, and takes them along. When the transaction fails, the bytes are
 * where the record says that they are going to be, and go with it.
 */
async function keep(
  deps: SharedFileDeps,
  record: SharedFileRecord,
  { pending, manifest }: { readonly pending: PendingFile; readonly manifest: PackageManifest },
): Promise<SharedFileRecord> {
  const uploaded = {
    name: record.name ?? manifest.name,
    contentPackageId: manifest.packageId,
    lastUpdatedDate: wireDate(deps.platform.clock.now()),
  };
  await deps.platform.library.write(async (tx) => {
    const files = sharedFilesRepository(tx);
    const found = await files.findFile(record.guid);
    if (!found) throw fileNotFound(sharedFileId(record.type, record.guid));
    await requireEmpty(deps, found);
    await pending.commit();
    await files.markUploaded(record.guid, uploaded);
  });
  return { ...record, ...uploaded, existing: true };
}
