import { AppError } from '@longshore/contracts';
import { levelOf, scopeOf, type AclEntry, type PackageEntry, type Reference } from '@longshore/domain';
import { PackageFileError, writePackage, type ObjectLines } from '@longshore/package-file';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { ContentEntry, CreateJob, CreateResult, RecordWarning } from '../migration-jobs.ts';
import { packageManifest } from '../package-manifest.ts';
import { packageSource, type PackageSource, type SourceObject } from './package-source.repository.ts';
import type { AbsentEntry, LeftOut, PackageSelection, SelectedEntry } from './package-selection.ts';
import { selectContent } from './select-content.ts';

/** Objects whose rows are in memory at one time. */
const BATCH = 500;
/** Share of the progress bar that selecting takes; the rest is writing. */
const SELECTED_PROGRESS = 5;

export interface CreatePackageParts {
  /** A transaction on a snapshot of the metadata; nothing is written to it. */
  readonly snapshot: Executor<MetadataTables>;
  readonly files: FileStore;
  onProgress(progress: number): void;
}

/**
 * Makes a package: selects, freezes and writes it as a stream. The file appears under its path only when it is whole
 * and on disk; when anything fails nothing is left behind.
 * @throws AppError `invalid` naming the objects that stand in the way, `tooLarge` above the size limit.
 */
export async function createPackage(job: CreateJob, parts: CreatePackageParts): Promise<CreateResult> {
  const scope = scopeOf(job.project?.id ?? null);
  const source = packageSource(parts.snapshot, scope);
  const selection = await selectContent(source, scope, job);
  parts.onProgress(SELECTED_PROGRESS);

  const content: ContentEntry[] = [];
  const pending = await parts.files.create(parseStorePath(job.storagePath));
  try {
    await writePackage(pending.stream, packageManifest(job, selection), packageLines(source, selection, content), {
      maxBytes: job.maxBytes,
      onProgress: ({ objects }) => parts.onProgress(writingProgress(objects, selection)),
    });
    const { size } = await pending.commit();
    return { size, content, warnings: warningsOf(selection.leftOut) };
  } catch (error) {
    await pending.discard();
    throw error instanceof PackageFileError && error.code === 'tooLarge'
      ? new AppError('tooLarge', error.message, { cause: error })
      : error;
  }
}

function writingProgress(written: number, selection: PackageSelection): number {
  const total = selection.entries.length + selection.absent.length;
  return SELECTED_PROGRESS + ((99 - SELECTED_PROGRESS) * written) / Math.max(1, total);
}

/** The lines of the package, and on the way what the record will show of its content. */
async function* packageLines(
  source: PackageSource,
  selection: PackageSelection,
  content: ContentEntry[],
): AsyncGenerator<readonly ObjectLines[]> {
  for (let at = 0; at < selection.entries.length; at += BATCH) {
    const batch = selection.entries.slice(at, at + BATCH);
    const ids = batch.map((entry) => entry.header.id);
    const objects = await source.loadObjects(ids);
    const references = Map.groupBy(await source.loadReferences(ids), (edge) => edge.fromId);
    const lines: ObjectLines[] = [];
    for (const entry of batch) {
      const object = objects.get(entry.header.id);
      if (!object) throw new Error(`Object ${entry.header.id} vanished from a snapshot.`);
      const edges = references.get(object.id) ?? [];
      const uses = edges.map((edge) => ({ id: edge.toId, type: edge.toType }));
      lines.push({ header: JSON.stringify(packageEntry(entry, object, uses)), body: object.definition });
      if (entry.role !== 'ancestor') content.push(contentEntry(entry, object));
    }
    yield lines;
  }
  if (selection.absent.length > 0) yield selection.absent.map((entry) => absentLines(entry, content));
}

function packageEntry(entry: SelectedEntry, object: SourceObject, references: readonly Reference[]): PackageEntry {
  return {
    role: entry.role,
    action: entry.action,
    absent: false,
    id: object.id,
    type: object.type,
    subtype: object.subtype,
    name: object.name,
    description: object.description,
    abbreviation: object.abbreviation,
    parentId: entry.targetParentId ?? object.parentId,
    ownerId: object.ownerId,
    version: object.version,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    hidden: object.hidden === 1,
    acl: JSON.parse(object.acl) as AclEntry[],
    references,
    bodyHash: object.bodyHash,
    contactsHash: object.contactsHash,
    translations: object.translations,
    uses: object.uses,
  };
}

function contentEntry(entry: SelectedEntry, object: SourceObject): ContentEntry {
  return {
    id: object.id,
    name: object.name,
    type: object.type,
    version: object.version,
    owner: { id: object.ownerId },
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    action: entry.action,
    includeDependents: entry.includeDependents,
    explicitIncluded: entry.explicitIncluded,
    level: levelOf(object.type),
    ...(entry.targetParentId === undefined ? {} : { parentId: entry.targetParentId }),
  };
}

const NO_ID = '0'.repeat(32);

/** An object to be deleted on the target that the source no longer has: a header without a body. */
function absentLines(entry: AbsentEntry, content: ContentEntry[]): ObjectLines {
  const { id, type, name = '' } = entry.requested;
  content.push({
    id,
    name,
    type,
    action: entry.action,
    includeDependents: false,
    explicitIncluded: true,
    level: levelOf(type),
  });
  const header: PackageEntry = {
    role: 'content',
    action: entry.action,
    absent: true,
    id,
    type,
    subtype: 0,
    name,
    description: '',
    abbreviation: '',
    parentId: null,
    ownerId: NO_ID,
    version: NO_ID,
    dateCreated: '',
    dateModified: '',
    hidden: false,
    acl: [],
    references: [],
    bodyHash: '',
    contactsHash: null,
    translations: '{}',
    uses: '[]',
  };
  return { header: JSON.stringify(header), body: 'null' };
}

const WHY_LEFT_OUT: Record<LeftOut['why'], string> = {
  unreadable: 'was left out because you may not read it',
  unsupported: 'was left out because packages of this type cannot hold it',
  missing: 'is needed by the package but does not exist in the source; the target must have it',
};

/** Warnings named one by one before the rest is only counted. */
const NAMED_WARNINGS = 50;

function warningsOf(leftOut: readonly LeftOut[]): RecordWarning[] {
  const warnings: RecordWarning[] = leftOut.slice(0, NAMED_WARNINGS).map((object) => ({
    message: `Object '${object.name}' (${object.type === null ? '' : `type ${object.type}, `}id ${object.id}) ${WHY_LEFT_OUT[object.why]}.`,
    bannedObjectCount: 1,
  }));
  const rest = leftOut.length - warnings.length;
  if (rest > 0) warnings.push({ message: `${rest} more objects were left out.`, bannedObjectCount: rest });
  return warnings;
}
