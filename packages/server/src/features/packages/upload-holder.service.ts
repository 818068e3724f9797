import { Transform, type TransformCallback, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type PackageManifest, type ShortPackage } from '@longshore/contracts';
import type { PendingFile } from '../../platform/files/file-store.ts';
import { holderPath } from '../../platform/files/store-path.ts';
import { PRIVILEGE, requirePrivileges } from '../../platform/http/access.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { getHolder, requireStatus } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toShortPackage } from './holder-mapper.ts';
import type { HolderRecord } from './holder-records.ts';
import { inspectHolderFile, type InspectedFile } from './inspect-holder-file.ts';
import { holderRepository } from './package-holders.repository.ts';

/** One file of a form; the next one comes when the content of this one was read. */
export interface UploadedPart {
  readonly name: string;
  readonly content: Readable;
}

export interface UploadHolder extends HolderCall {
  readonly packageId: string;
  /** Begins to read the form, whose file has at most so many bytes. */
  parts(maxBytes: number): AsyncIterable<UploadedPart>;
}

/**
 * Use case: fill an empty package with a file, a package or an undo package (spec/api.md 2.11). The bytes go to the
 * store as they come, and the package has them only when the whole file was found right; else it stays empty.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function uploadHolder(deps: HolderDeps, call: UploadHolder): Promise<ShortPackage> {
  const { reader } = deps.platform.library;
  const holder = await getHolder(reader, call.packageId, call);
  requireStatus(holder, 'EMPTY');
  requirePrivileges(call.caller, [PRIVILEGE.applyPackage], holder.projectId);
  const pending = await deps.files.create(holderPath(holder.guid));
  try {
    const maxBytes = deps.options.maxPackageBytes;
    await receive(pending, call.parts(maxBytes), maxBytes);
    const inspected = await inspectHolderFile(await pending.openRead(), deps.options);
    requireFits(holder, inspected.manifest);
    return await keep(deps, call, { guid: holder.guid, pending, inspected });
  } catch (error) {
    await pending.discard();
    throw error;
  }
}

const PART_NAME = 'file';

/** Reads the form to its end: a form that is cut off after the file is cut off all the same. */
async function receive(pending: PendingFile, parts: AsyncIterable<UploadedPart>, maxBytes: number): Promise<void> {
  let isReceived = false;
  for await (const { name, content } of parts) {
    if (isReceived || name !== PART_NAME) {
      content.destroy();
      throw new AppError('invalid', `The form must hold exactly one file part, named '${PART_NAME}'.`);
    }
    await pipeline(content, new ByteLimit(maxBytes), pending.stream).catch((error: unknown) => {
      throw toRefusal(error);
    });
    isReceived = true;
  }
  if (!isReceived) throw new AppError('invalid', `The form holds no file part named '${PART_NAME}'.`);
}

/** The store and the limit say themselves what is wrong; all else comes from the one who sends. */
function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('invalid', 'The upload ended before it was complete. Upload the file again.', { cause: error });
}

class ByteLimit extends Transform {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) done(null, chunk);
    else
      done(
        new AppError('invalid', `The file is larger than ${this.#maxBytes} bytes, the most that a package can have.`),
      );
  }
}

/** The package was made for a project, or for the configuration; the file must be for the same. */
function requireFits({ projectId }: HolderRecord, { type }: PackageManifest): void {
  if (type === 'configuration' || projectId !== null) return;
  throw new AppError(
    'invalid',
    `The file is a package of type '${type}', but the package was made without the header X-MSTR-ProjectID, as one for ` +
      'the configuration. Delete it, and make one with the header of the destination project.',
  );
}

interface Uploaded {
  readonly guid: string;
  readonly pending: PendingFile;
  readonly inspected: InspectedFile;
}

async function keep(
  deps: HolderDeps,
  call: UploadHolder,
  { guid, pending, inspected }: Uploaded,
): Promise<ShortPackage> {
  const { manifest, view } = inspected;
  let isCommitted = false;
  const write = deps.platform.library.write(async (tx) => {
    const found = await getHolder(tx, call.packageId, call);
    requireStatus(found, 'EMPTY');
    const storagePath = holderPath(found.guid);
    const { size } = await pending.commit();
    isCommitted = true;
    await releasedFilesRepository(tx).keepFile(storagePath);
    const filled: HolderRecord = {
      ...found,
      status: 'READY',
      type: manifest.type,
      kind: manifest.kind,
      packageId: manifest.packageId,
      undoneImportId: manifest.importId ?? null,
      view,
      storagePath,
      storageSize: size,
    };
    await holderRepository(tx).saveHolder(filled);
    return toShortPackage(filled);
  });
  return write.catch(async (error: unknown) => {
    // The file is there by now, and nobody would ever remove it.
    if (isCommitted) await deps.files.remove(holderPath(guid));
    throw error;
  });
}
