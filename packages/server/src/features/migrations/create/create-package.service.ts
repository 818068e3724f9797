import { AppError } from '@longshore/contracts';
import { packageScope } from '@longshore/domain';
import { PackageFileError, writePackage, type ObjectLines } from '@longshore/package-file';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { fittingBodies } from '../body-bytes.ts';
import { ContentPieceWriter } from '../content-pieces.ts';
import type { ContentEntry, CreateJob, CreateResult } from '../migration-jobs.ts';
import { packageManifest } from '../package-manifest.ts';
import { linkFreezer } from '../security/freeze-links.ts';
import {
  absentContentEntry,
  absentLines,
  contentEntry,
  objectLines,
  type Freeze,
  type FrozenPart,
} from './freeze-object.ts';
import type { Used } from './kept-references.ts';
import {
  packageSource,
  type PackageSource,
  type SourceHeader,
  type SourceObject,
} from './package-source.repository.ts';
import type { PackageSelection, SelectedEntry } from './package-selection.ts';
import { warningsOf } from './package-warnings.ts';
import { selectContent, selectListed } from './select-content.ts';
import { selectProject } from './select-project.ts';

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
  const scope = packageScope(job.type, job.project?.id ?? null);
  const source = packageSource(parts.snapshot, scope);
  const selection = await select(source, { scope, job, snapshot: parts.snapshot });
  parts.onProgress(SELECTED_PROGRESS);

  const content = new ContentPieceWriter();
  const lines = packageLines(source, selection, {
    freeze: freezerOf(source, parts, { selection, job }),
    // A merge takes everything, so that there is no list of what it takes.
    list: job.settings.merge ? () => undefined : (entries) => content.add(entries),
  });
  const total = Math.max(1, selection.counts.content + selection.counts.dependents + selection.counts.ancestors);
  const pending = await parts.files.create(parseStorePath(job.storagePath));
  try {
    await writePackage(pending.stream, packageManifest(job, selection), lines, {
      maxBytes: job.maxBytes,
      onProgress: ({ objects }) =>
        parts.onProgress(SELECTED_PROGRESS + ((99 - SELECTED_PROGRESS) * Math.min(objects, total)) / total),
    });
    const { size } = await pending.commit();
    return { size, content: content.finish(), objects: total, warnings: warningsOf(selection.leftOut) };
  } catch (error) {
    await pending.discard();
    throw error instanceof PackageFileError && error.code === 'tooLarge'
      ? new AppError('tooLarge', error.message, { cause: error })
      : error;
  }
}

interface Selecting {
  readonly scope: string;
  readonly job: CreateJob;
  readonly snapshot: Executor<MetadataTables>;
}

function select(source: PackageSource, { scope, job, snapshot }: Selecting): Promise<PackageSelection> {
  const { merge, defaultAction } = job.settings;
  if (merge) return selectProject(snapshot, scope, { defaultAction, merge });
  return job.type === 'project_security' ? selectListed(source, scope, job) : selectContent(source, scope, job);
}

interface Freezing {
  readonly selection: PackageSelection;
  readonly job: CreateJob;
}

function freezerOf(source: PackageSource, parts: CreatePackageParts, { selection, job }: Freezing): Freeze {
  if (job.type === 'project_security' && job.project) return linkFreezer(parts.snapshot, job.project.id);
  return async (batch) => {
    const ids = batch.map(({ object }) => object.id);
    const edgesOf = await loadEdges(source, selection, ids);
    const names = job.caller.bypassesSecurity ? await outsideNames(source, selection, ids) : new Map<string, never>();
    return batch.map(({ entry, object }) =>
      objectLines(
        entry,
        object,
        edgesOf(object.id).map(({ toId, toType }) => {
          const name = names.get(toId)?.name;
          return name === undefined ? { id: toId, type: toType } : { id: toId, type: toType, name };
        }),
      ),
    );
  };
}

/** The edges of a batch, from those that the selection has kept where it keeps them. */
async function loadEdges(
  source: PackageSource,
  { references }: PackageSelection,
  ids: readonly string[],
): Promise<(id: string) => readonly Used[]> {
  if (references) {
    await references.load(ids);
    return (id) => references.edgesOf(id);
  }
  const byUser = Map.groupBy(await source.loadReferences(ids), (edge) => edge.fromId);
  return (id) => byUser.get(id) ?? [];
}

/**
 * Names of what objects of the package need and the package does not hold, for the message of an import that misses it.
 * They are told to whoever may see every object; others have been warned of what they may not read.
 */
async function outsideNames(
  source: PackageSource,
  { references }: PackageSelection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SourceHeader>> {
  const outside = references?.outside(ids);
  return outside === undefined || outside.size === 0 ? new Map() : source.loadHeaders([...outside]);
}

interface LineParts {
  readonly freeze: Freeze;
  /** Notes what the record will show of the content; at least one entry. */
  readonly list: (entries: readonly ContentEntry[]) => void;
}

/** The selected objects in batches that fit into memory. */
async function* fittingBatches(source: PackageSource, selection: PackageSelection): AsyncGenerator<FrozenPart[]> {
  for await (const batch of selection.batches()) {
    const objects = await source.loadFittingObjects(batch.map(({ id }) => id));
    if (objects) yield wholeEntries(batch, objects);
    else yield* dividedBatch(source, batch);
  }
}

/** A batch of which the bodies do not fit into memory together. */
async function* dividedBatch(source: PackageSource, batch: readonly SelectedEntry[]): AsyncGenerator<FrozenPart[]> {
  const bytes = await source.loadBodyBytes(batch.map(({ id }) => id));
  for (let rest = batch; rest.length > 0;) {
    const count = fittingBodies(rest.map(({ id }) => bytes.get(id) ?? 0));
    const part = rest.slice(0, count);
    yield wholeEntries(part, await source.loadObjects(part.map(({ id }) => id)));
    rest = rest.slice(count);
  }
}

const wholeEntries = (entries: readonly SelectedEntry[], objects: ReadonlyMap<string, SourceObject>): FrozenPart[] =>
  entries.map((entry) => {
    const object = objects.get(entry.id);
    if (!object) throw new Error(`Object ${entry.id} vanished from a snapshot.`);
    return { entry, object };
  });

/** The lines of the package. */
async function* packageLines(
  source: PackageSource,
  selection: PackageSelection,
  { freeze, list }: LineParts,
): AsyncGenerator<readonly ObjectLines[]> {
  for await (const whole of fittingBatches(source, selection)) {
    yield await freeze(whole);
    const listed = whole.filter(({ entry }) => entry.role !== 'ancestor');
    if (listed.length > 0) list(listed.map(({ entry, object }) => contentEntry(entry, object)));
  }
  if (selection.absent.length === 0) return;
  yield selection.absent.map(absentLines);
  list(selection.absent.map(absentContentEntry));
}
