import type { Readable } from 'node:stream';
import { AppError, type PackageManifest } from '@longshore/contracts';
import { PackageFileError, checkPlatformVersion, readPackage } from '@longshore/package-file';
import type { SharedFileOptions } from './shared-file-deps.ts';
import type { SharedFileRecord } from './shared-files.repository.ts';

/**
 * Reads an uploaded file to its end, digests included, and holds it against what was announced. Nothing of it is kept
 * in memory but one chunk, and of that no text is made: this is the thread that answers requests. The stream is closed
 * when this settles.
 * @throws AppError `invalid` saying what is wrong with the file
 */
export async function inspectUpload(
  stream: Readable,
  record: SharedFileRecord,
  options: SharedFileOptions,
): Promise<PackageManifest> {
  try {
    const { manifest, chunks } = await readPackage(stream, { limits: { packageBytes: options.maxPackageBytes } });
    checkPlatformVersion(manifest.platformVersion, options.platformVersion);
    requireAnnounced(manifest, record);
    for await (const chunk of chunks()) chunk.release();
    return manifest;
  } catch (error) {
    if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
    throw error;
  } finally {
    await closeStream(stream);
  }
}

/** Until it is closed the file is open, and on some systems an open file can be neither renamed nor removed. */
async function closeStream(stream: Readable): Promise<void> {
  if (stream.closed) return;
  // Leaving a stream before its end counts as an abort; what matters of it was thrown already.
  stream.on('error', () => undefined);
  const closed = new Promise((resolve) => void stream.once('close', resolve));
  stream.destroy();
  await closed;
}

function requireAnnounced(manifest: PackageManifest, { packageType, packagePurpose }: SharedFileRecord): void {
  if (manifest.kind !== 'package') {
    throw new AppError('invalid', 'The file is an undo package, which cannot be imported. Upload a package.');
  }
  if (manifest.type !== packageType) {
    throw new AppError(
      'invalid',
      `extraInfo.packageType is '${packageType}', but the package is of type '${manifest.type}'.`,
    );
  }
  // The other purposes say how the package came here, or that it was part of a group, and not what is in it.
  const isMerge = manifest.purpose === 'project_merge';
  const contradicts = isMerge ? packagePurpose === 'object_migration' : packagePurpose === 'project_merge';
  if (contradicts) {
    throw new AppError(
      'invalid',
      `extraInfo.packagePurpose is '${packagePurpose}', but the package is for '${manifest.purpose}'.`,
    );
  }
}
