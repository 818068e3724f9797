import type { Readable } from 'node:stream';
import { AppError, parsePackageEntry } from '@longshore/contracts';
import type { PackageEntry } from '@longshore/domain';
import { PackageFileError, readPackage, type OpenPackage } from '@longshore/package-file';

/**
 * Opens a package file, lets it be read, and closes its stream, whatever happens.
 * @throws AppError `invalid` when the file is damaged, or is no package
 */
export async function withPackage<T>(
  stream: Readable,
  read: (opened: OpenPackage) => Promise<T>,
  maxBytes?: number,
): Promise<T> {
  try {
    return await read(await readPackage(stream, maxBytes === undefined ? {} : { limits: { packageBytes: maxBytes } }));
  } catch (error) {
    if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
    throw error;
  } finally {
    await closed(stream);
  }
}

/** Until it is closed the file is open, and on some systems an open file can be neither renamed nor removed. */
async function closed(stream: Readable): Promise<void> {
  if (stream.closed) return;
  // Leaving a stream before its end counts as an abort; what matters of it was thrown already.
  stream.on('error', () => undefined);
  const end = new Promise((resolve) => void stream.once('close', resolve));
  stream.destroy();
  await end;
}

export interface PackedObject {
  readonly entry: PackageEntry;
  /** The definition as it stands in the file. */
  readonly body: string;
}

/**
 * The objects of a package that its content list has: folders above them are left out.
 * @throws AppError `invalid` for a header line that is none
 */
export async function* contentOf({ batches }: OpenPackage): AsyncGenerator<PackedObject> {
  for await (const batch of batches()) {
    for (const { header, body } of batch) {
      const entry = parsePackageEntry(header);
      if (!entry) throw new AppError('invalid', 'The file is damaged: an object has a header line that is not one.');
      if (entry.role !== 'ancestor') yield { entry, body };
    }
  }
}
