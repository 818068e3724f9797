import { AppError } from '@longshore/contracts';
import { packageScope } from '@longshore/domain';
import { PackageFileError, writePackage, type LinesBatch, type ObjectLines } from '@longshore/package-file';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { fittingBodies } from '../body-bytes.ts';
import { ContentPieceWriter } from '../content-pieces.ts';
import type { CreateJob, CreateResult } from '../migration-jobs.ts';
import { packageManifest } from '../package-manifest.ts';
import { linkFreezer } from '../security/freeze-links.ts';
import type { FreezeBeside } from './freeze-beside.ts';
import {
  absentContentEntry,
  absentLines,
  contentEntry,
  freezeObjects,
  wholeParts,
  type Freeze,
} from './freeze-object.ts';
import { freezeSpan, isShown, type Freezing, type Span } from './freeze-span.ts';
import { frozenSpans, type SpanFreezer } from './frozen-spans.ts';
import { packageSource, type PackageSource } from './package-source.repository.ts';
import type { PackageSelection, SelectedEntry } from './package-selection.ts';
import { warningsOf } from './package-warnings.ts';
import { referenceTexts } from './reference-texts.ts';
import { scopeRows } from './scope-rows.repository.ts';
import { selectContent, selectListed, type OnSelected } from './select-content.ts';
import { selectProject } from './select-project.ts';

/** Share of the progress bar that selecting takes; the rest is writing. */
const SELECTED_PROGRESS = 5;

export interface CreatePackageParts {
  /** A transaction on a snapshot of the metadata; nothing is written to it. */
  readonly snapshot: Executor<MetadataTables>;
  readonly files: FileStore;
  onProgress(progress: number): void;
  /** Helps with large packages; absent: they are made by this thread alone. */
  readonly beside?: FreezeBeside;
}

/**
 * Makes a package: selects, freezes and writes it as a stream. The file appears under its path only when it is whole
 * and on disk; when anything fails nothing is left behind.
 * @throws AppError `invalid` naming the objects that stand in the way, `tooLarge` above the size limit.
 */
export async function createPackage(job: CreateJob, parts: CreatePackageParts): Promise<CreateResult> {
  const scope = packageScope(job.type, job.project?.id ?? null);
  const source = packageSource(parts.snapshot, scope);
  const contentList = job.settings.merge ? 'none' : 'shown';
  const grown = async (objects: number): Promise<void> =>
    parts.beside?.grown(objects, { snapshot: parts.snapshot, scope, contentList });
  const selection = await select(source, { scope, job, snapshot: parts.snapshot, onSelected: grown });
  const total = Math.max(1, selection.counts.content + selection.counts.dependents + selection.counts.ancestors);
  await grown(total);
  parts.onProgress(SELECTED_PROGRESS);

  const content = new ContentPieceWriter();
  const making: Making = {
    source,
    selection,
    freeze: freezerOf(job, parts.snapshot),
    contentList,
    references: (entries) => referenceTexts(source, { selection, job }, entries),
    beside: () => parts.beside?.freezer() ?? null,
  };
  const pending = await parts.files.create(parseStorePath(job.storagePath));
  try {
    await writePackage(pending.stream, packageManifest(job, selection), packageLines(making, content), {
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
  } finally {
    selection.release();
  }
}

interface Selecting {
  readonly scope: string;
  readonly job: CreateJob;
  readonly snapshot: Executor<MetadataTables>;
  readonly onSelected: OnSelected;
}

function select(source: PackageSource, { scope, job, snapshot, onSelected }: Selecting): Promise<PackageSelection> {
  const { merge, defaultAction } = job.settings;
  if (merge) return selectProject(snapshot, scope, { defaultAction, merge });
  const from = { scope, source, rows: scopeRows(snapshot, scope) };
  return job.type === 'project_security' ? selectListed(from, job) : selectContent(from, job, onSelected);
}

/** Of users and groups a project security package takes nothing but their links. */
const freezerOf = ({ type, project }: CreateJob, snapshot: Executor<MetadataTables>): Freeze =>
  type === 'project_security' && project ? linkFreezer(snapshot, project.id) : freezeObjects;

/** A package that is being made of what was selected. */
interface Making extends Freezing {
  readonly selection: PackageSelection;
  readonly references: (entries: readonly SelectedEntry[]) => Promise<readonly string[]>;
  readonly beside: () => SpanFreezer | null;
}

/** The lines of the package. */
async function* packageLines(making: Making, content: ContentPieceWriter): AsyncGenerator<LinesBatch> {
  const { selection, beside } = making;
  const freezers = { here: (span: Span) => freezeSpan(making, span), beside };
  for await (const { span, frozen } of frozenSpans(spansOf(making), freezers)) {
    yield* frozen.lines;
    if (frozen.piece) content.addPiece(frozen.piece);
    if (frozen.count < span.entries.length) yield* linesOfRest(making, span, { from: frozen.count, content });
  }
  if (selection.absent.length === 0) return;
  yield selection.absent.map(absentLines);
  content.add(selection.absent.map(absentContentEntry));
}

async function* spansOf({ selection, references }: Making): AsyncGenerator<Span> {
  let first = 1;
  for await (const entries of selection.batches()) {
    yield { first, entries, references: await references(entries) };
    first += entries.length;
  }
}

interface Rest {
  /** Entries of the span that have their lines. */
  readonly from: number;
  readonly content: ContentPieceWriter;
}

/** The lines of objects whose bodies do not fit into memory together. */
async function* linesOfRest(
  making: Making,
  span: Span,
  { from, content }: Rest,
): AsyncGenerator<readonly ObjectLines[]> {
  const { source, freeze, contentList } = making;
  const bytes = await source.loadBodyBytes(span.entries.slice(from).map(({ id }) => id));
  for (let at = from; at < span.entries.length;) {
    const end = at + fittingBodies(span.entries.slice(at).map(({ id }) => bytes.get(id) ?? 0));
    const entries = span.entries.slice(at, end);
    const objects = await source.loadObjects(entries.map(({ id }) => id));
    const parts = wholeParts(entries, objects, span.references.slice(at, end));
    yield await freeze(parts);
    if (contentList === 'shown') content.add(parts.filter(({ entry }) => isShown(entry)).map(contentEntry));
    at = end;
  }
}
