import { Readable } from 'node:stream';
import { AppError, parsePackageEntry } from '@longshore/contracts';
import { aclText, isMergeable, isPackable, isSystemObject, type PackageEntry } from '@longshore/domain';
import {
  checkPlatformVersion,
  PackageFileError,
  readPackage,
  type ObjectLines,
  type OpenPackage,
  type PackageTotals,
} from '@longshore/package-file';
import type { PackageManifest } from '@longshore/contracts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import { aclKey, bodyHash } from '../../../platform/hash.ts';
import { PLATFORM_VERSION } from '../../../platform/platform-version.ts';
import type { StagedEntry } from './staging.repository.ts';

const FOLDER = 8;

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

/** Looks at an entry beyond what every package is checked for. @throws AppError `invalid` when it cannot be trusted. */
export type EntryCheck = (staged: StagedEntry, manifest: PackageManifest) => void;

/** What is done with a part of a package; `seq` is the number of entries before it. */
export type PartWork = (part: readonly StagedEntry[], seq: number) => Promise<void>;

/**
 * Gives the entries of a package in checked form, part by part; returns only when every digest is verified.
 * @throws AppError `invalid` when the file cannot be used; whatever `work` throws
 */
export async function readParts(file: OpenPackage, check: EntryCheck, work: PartWork): Promise<PackageTotals> {
  const batches = file.batches();
  let seq = 0;
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) return batch.value;
      const part = batch.value.map((line) => checkedEntry(line, file.manifest, check));
      await work(part, seq);
      seq += part.length;
    }
  } catch (error) {
    asRefusal(error);
  } finally {
    await batches.return(undefined as never);
  }
}

function checkedEntry(lines: ObjectLines, manifest: PackageManifest, check: EntryCheck): StagedEntry {
  const staged = stagedEntry(lines, manifest);
  check(staged, manifest);
  return staged;
}

/** The package speaks for itself only as far as it is consistent: level, header and body must fit together. */
function stagedEntry(lines: ObjectLines, manifest: PackageManifest): StagedEntry {
  const entry = parsePackageEntry(lines.header);
  if (!entry) throw damaged('an object has a header line that is not one');
  if (!entry.absent && !mayHold(manifest, entry)) {
    throw damaged(`object ${entry.id} cannot be part of a ${manifest.type} package`);
  }
  if (entry.absent !== (lines.body === 'null')) throw damaged(`object ${entry.id} lacks its definition`);
  if (!entry.absent && entry.bodyHash !== bodyHash(lines.body, entry.translations, entry.uses)) {
    throw damaged(`the definition of object ${entry.id} is not the one that its header names`);
  }
  checkAbsent(entry);
  return { entry, definition: lines.body, acl: internedAcl(entry.acl) };
}

/**
 * The lists that were met last, by how they are written: a package has few lists, and bringing one into its canonical form
 * costs more than looking it up.
 */
const knownAcls = new Map<string, StagedEntry['acl']>();
const MOST_KNOWN_ACLS = 10_000;

function internedAcl(entries: PackageEntry['acl']): StagedEntry['acl'] {
  let written = '';
  for (const { trusteeId, rights, deny, inheritable } of entries)
    written += `${trusteeId}${rights}${deny}${inheritable}`;
  let acl = knownAcls.get(written);
  if (acl === undefined) {
    const text = aclText(entries);
    acl = { id: aclKey(text), text };
    if (knownAcls.size >= MOST_KNOWN_ACLS) knownAcls.clear();
    knownAcls.set(written, acl);
  }
  return acl;
}

/** A merge takes along what is never content of another package, and system objects for targets that lack them. */
function mayHold({ type, purpose }: PackageManifest, entry: PackageEntry): boolean {
  const isMerge = purpose === 'project_merge';
  if (entry.role === 'ancestor') return entry.type === FOLDER || (isMerge && isSystemObject(entry));
  return isMerge ? isMergeable(entry.type, entry.subtype) : isPackable(entry.type, entry.subtype, type);
}

function checkAbsent(entry: PackageEntry): void {
  if (entry.absent && entry.action !== 'delete') throw damaged(`object ${entry.id} is absent but not to be deleted`);
  if (!entry.absent && entry.dateModified === '') throw damaged(`object ${entry.id} has no modification date`);
}

/** The one way to say that a file cannot be what a server wrote. */
export function damaged(what: string): AppError {
  return new AppError('invalid', `The package file is damaged: ${what}. Create the package again.`);
}

/** A file that cannot be used is a refusal, not a defect of the server. */
function asRefusal(error: unknown): never {
  if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
  throw error;
}
