import { Readable } from 'node:stream';
import { setImmediate as afterEvents } from 'node:timers/promises';
import { AppError } from '@longshore/contracts';
import {
  checkPlatformVersion,
  PackageFileError,
  readPackage,
  type OpenPackage,
  type PackageTotals,
} from '@longshore/package-file';
import type { PackageManifest } from '@longshore/contracts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import { PLATFORM_VERSION } from '../../../platform/platform-version.ts';
import type { EntryRules } from './check-entries.ts';
import { checkedAhead } from './checked-ahead.ts';
import type { CheckedPart } from './checked-chunk.ts';
import { entryChecker } from './entry-checker.ts';
import type { PackageThread } from './package-thread-questions.ts';

/** What the caller of an import claims about a package file; the file itself must agree. */
export interface ExpectedPackage {
  readonly storagePath: string;
  readonly storageSize: number;
  readonly packageId: string;
  /** Of an uploaded file: the id that the file itself has. */
  readonly contentPackageId?: string;
  readonly type: PackageManifest['type'];
}

/**
 * Opens a package file and checks that it is the one that was named.
 * @throws AppError `invalid` when it is damaged, of another package, of another type or of a newer platform.
 */
export async function openPackage(files: FileStore, expected: ExpectedPackage): Promise<OpenPackage> {
  const { stream, size } = await files.openRead(parseStorePath(expected.storagePath));
  try {
    if (size !== expected.storageSize) {
      throw new AppError(
        'invalid',
        `The package file has ${size} bytes, but the migration says ${expected.storageSize}.`,
      );
    }
    const file = await readPackage(Readable.from(stream)).catch(asRefusal);
    checkManifest(file.manifest, expected);
    return file;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

function checkManifest(manifest: PackageManifest, expected: ExpectedPackage): void {
  const packageId = expected.contentPackageId ?? expected.packageId;
  if (manifest.kind !== 'package' || manifest.packageId !== packageId) {
    throw new AppError(
      'invalid',
      `The file at ${expected.storagePath} is not package ${packageId} but ${manifest.kind} ${manifest.packageId}.`,
    );
  }
  if (manifest.type !== expected.type) {
    throw new AppError(
      'invalid',
      `The package file is of type '${manifest.type}', the migration of '${expected.type}'.`,
    );
  }
  try {
    checkPlatformVersion(manifest.platformVersion, PLATFORM_VERSION);
  } catch (error) {
    asRefusal(error);
  }
}

/** What is done with a part of a package; `seq` is the number of entries before it. */
export type PartWork = (part: CheckedPart, seq: number) => Promise<void>;

/** How a package is read. */
export interface ReadingRules extends Pick<EntryRules, 'origin'> {
  /** Checks entries beside this thread; null where the package is too small for that. */
  readonly thread: PackageThread | null;
}

/**
 * Gives the entries of a package in checked form, part by part; returns only when every digest is verified.
 * @throws AppError `invalid` when the file cannot be used; whatever `work` throws
 */
export async function readParts(
  file: OpenPackage,
  { origin, thread }: ReadingRules,
  work: PartWork,
): Promise<PackageTotals> {
  const { type, purpose, project } = file.manifest;
  const checker = entryChecker({ manifest: { type, purpose, project }, origin }, thread);
  const chunks = checkedAhead(file.chunks(), checker);
  let seq = 0;
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk.done === true) return chunk.value;
      for (const part of chunk.value.parts()) {
        await work(part, seq);
        // The file is read on, the next chunk inflated and handed over, while this one is worked on.
        await afterEvents();
        seq += part.ids.length;
      }
    }
  } catch (error) {
    asRefusal(error);
  } finally {
    await chunks.return(undefined as never);
  }
}

/** A file that cannot be used is a refusal, not a defect of the server. */
function asRefusal(error: unknown): never {
  if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
  throw error;
}
