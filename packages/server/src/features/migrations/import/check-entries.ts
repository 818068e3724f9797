import type { PackageManifest } from '@longshore/contracts';
import { parsePackageEntry } from '@longshore/contracts/package-entry';
import { isFolder, isMergeable, isPackable, isSystemObject, type PackageEntry } from '@longshore/domain';
import type { ChunkLines } from '@longshore/package-file/chunk-lines';
import { bodyBytesHash } from '../../../platform/hash.ts';
import { checkUploadedEntry } from './check-uploaded-entry.ts';
import { damaged } from './damaged.ts';
import { EntryFactsBuilder, type EntryFacts } from './entry-facts.ts';
import { KnownAcls } from './known-acls.ts';

/** What the entries of a package are checked for. */
export interface EntryRules {
  readonly manifest: Pick<PackageManifest, 'type' | 'purpose' | 'project'>;
  /** `shared`: written by another environment into the store. `uploaded`: by anybody; trusted in nothing that can be derived. */
  readonly origin: 'shared' | 'uploaded';
}

/**
 * Checks all entries of a chunk: form, level, body and access control list of each. Has no state and touches nothing but
 * the lines, so that it may be done in any thread.
 * @throws AppError `invalid` for the first entry that cannot be trusted
 */
export function checkEntries(lines: ChunkLines, rules: EntryRules): EntryFacts {
  const facts = new EntryFactsBuilder(lines.objects);
  for (let place = 0; place < lines.objects; place += 1) {
    const entry = checkedEntry(lines, place, rules);
    facts.add(entry, knownAcls.of(entry.acl));
  }
  return facts.build();
}

/** The package speaks for itself only as far as it is consistent: level, header and body must fit together. */
function checkedEntry(lines: ChunkLines, place: number, { manifest, origin }: EntryRules): PackageEntry {
  const entry = parsePackageEntry(lines.headerAt(place));
  if (!entry) throw damaged('an object has a header line that is not one');
  if (!entry.absent && !mayHold(manifest, entry)) {
    throw damaged(`object ${entry.id} cannot be part of a ${manifest.type} package`);
  }
  const body = lines.bodyBytesAt(place);
  if (entry.absent !== NO_BODY.equals(body)) throw damaged(`object ${entry.id} lacks its definition`);
  if (!entry.absent && entry.bodyHash !== bodyBytesHash(body, entry.translations, entry.uses)) {
    throw damaged(`the definition of object ${entry.id} is not the one that its header names`);
  }
  checkAbsent(entry);
  if (origin === 'uploaded') checkUploadedEntry(entry, lines.bodyAt(place), manifest);
  return entry;
}

const NO_BODY = Buffer.from('null');

/** Of this thread; ten thousand lists of some entries each, as hardly any package has them. */
const knownAcls = new KnownAcls(8 * 1024 * 1024);

/** A merge takes along what is never content of another package, and system objects for targets that lack them. */
function mayHold({ type, purpose }: EntryRules['manifest'], entry: PackageEntry): boolean {
  const isMerge = purpose === 'project_merge';
  if (entry.role === 'ancestor') return isFolder(entry) || (isMerge && isSystemObject(entry));
  return isMerge ? isMergeable(entry.type, entry.subtype) : isPackable(entry.type, entry.subtype, type);
}

function checkAbsent(entry: PackageEntry): void {
  if (entry.absent && entry.action !== 'delete') throw damaged(`object ${entry.id} is absent but not to be deleted`);
  if (!entry.absent && entry.dateModified === '') throw damaged(`object ${entry.id} has no modification date`);
}
