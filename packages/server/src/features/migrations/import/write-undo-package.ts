import { AppError, PACKAGE_FORMAT_VERSION, type PackageManifest, type UndoLine } from '@longshore/contracts';
import { MAX_PACKAGE_BYTES, PackageFileError, writePackage, type ObjectLines } from '@longshore/package-file';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import { PLATFORM_VERSION } from '../../../platform/platform-version.ts';
import type { ImportJob, NamedRef } from '../migration-jobs.ts';
import { beforeImages, CHANGING_OUTCOMES } from './before-images.repository.ts';
import { schemaBefore } from './schema-before.repository.ts';

/** Objects that are in memory at a time, as for `CHUNK` of the plan. */
const BATCH = 100;

export interface UndoPackageInput {
  readonly job: ImportJob;
  readonly scope: string;
  readonly now: string;
  /** The target project, null for the configuration. */
  readonly project: NamedRef | null;
  readonly environment: NamedRef;
  readonly files: FileStore;
  /** The project whose schema the import will update; null when it updates none, and then an undo leaves it alone. */
  readonly schemaProjectId: string | null;
}

/** An undo package that is written but not yet under its path. */
export interface PendingUndo {
  place(): Promise<{ path: string; size: number }>;
  /** Takes the file away, whether it was placed or not. */
  remove(): Promise<void>;
  /** Leaves the file where it is if it was placed, and takes away what was written if it was not. */
  leave(): Promise<void>;
}

/**
 * Writes what brings the target back, from the decisions in `temp.decision` and the target as it still is.
 * @throws AppError `tooLarge` above the size limit of packages, or of one object; nothing is left behind
 */
export async function writeUndoPackage(tx: Executor<MetadataTables>, input: UndoPackageInput): Promise<PendingUndo> {
  const path = parseStorePath(input.job.undoPath);
  const pending = await input.files.create(path);
  try {
    await writePackage(pending.stream, undoManifest(input), undoLines(tx, input), { maxBytes: MAX_PACKAGE_BYTES });
  } catch (error) {
    await pending.discard();
    throw error instanceof PackageFileError && error.code === 'tooLarge' ? doesNotFit(error) : error;
  }
  let isPlaced = false;
  return {
    async place() {
      const { size } = await pending.commit();
      isPlaced = true;
      return { path: input.job.undoPath, size };
    },
    async remove() {
      if (isPlaced) await input.files.remove(path);
      else await pending.discard();
    },
    async leave() {
      if (!isPlaced) await pending.discard();
    },
  };
}

/** One with what to do next. */
function doesNotFit(cause: PackageFileError): AppError {
  return new AppError(
    'tooLarge',
    'The import was stopped and nothing was changed, because its undo package does not fit. ' +
      `${cause.message} Or import it without an undo package (generateUndo=false).`,
    { cause },
  );
}

function undoManifest(input: UndoPackageInput): PackageManifest {
  const { job } = input;
  return {
    formatVersion: PACKAGE_FORMAT_VERSION,
    platformVersion: PLATFORM_VERSION,
    packageId: job.packageId,
    importId: job.importId,
    kind: 'undo',
    type: job.type,
    purpose: 'undo',
    name: `Undo of ${job.packageId}`,
    createdAt: input.now,
    creator: { id: job.caller.id, name: job.caller.name },
    environment: input.environment,
    ...(input.project === null ? {} : { project: input.project }),
    settings: { updateSchema: [], aclOnNewObjects: [], defaultAction: 'force_replace' },
  };
}

async function* undoLines(
  tx: Executor<MetadataTables>,
  input: UndoPackageInput,
): AsyncGenerator<readonly ObjectLines[]> {
  const images = beforeImages(tx, input.scope);
  await images.prepare();
  if (input.schemaProjectId !== null) yield* schemaLines(tx, input.schemaProjectId);
  for (let after = ''; ;) {
    const created = await images.loadCreated(after, BATCH);
    if (created.length === 0) break;
    yield created.map((record) => line(record, 'null'));
    after = created.at(-1)?.id ?? after;
  }
  for (const outcome of CHANGING_OUTCOMES) {
    for (let afterId = ''; ;) {
      const before = await images.loadBefore(outcome, { afterId, limit: BATCH });
      if (before.length === 0) break;
      yield before.map((image) => line(image.record, image.definition));
      afterId = before.at(-1)?.record.header.id ?? afterId;
    }
  }
}

/** At least one line, so that the undo knows that the schema was updated, even if nothing had been computed before. */
async function* schemaLines(tx: Executor<MetadataTables>, projectId: string): AsyncGenerator<readonly ObjectLines[]> {
  yield [line({ op: 'schema', tables: [] }, 'null')];
  for (let after = ''; ;) {
    const tables = await schemaBefore(tx, projectId).loadTables(after, BATCH);
    if (tables.length === 0) return;
    yield [line({ op: 'schema', tables }, 'null')];
    after = tables.at(-1)?.tableId ?? after;
  }
}

function line(header: UndoLine, body: string): ObjectLines {
  return { header: JSON.stringify(header), body };
}
