import { AppError } from '@longshore/contracts';
import type { PackageManifest } from '@longshore/contracts';
import { describeSuppressedUndo, scopeOf, summariseIssues, type Issue } from '@longshore/domain';
import type { OpenPackage } from '@longshore/package-file';
import type { Connection, Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { journalWriter } from '../../journal/journal.repository.ts';
import { objectWriter } from '../../objects/object-writer.repository.ts';
import { updateSchema } from '../../schema/schema-update.ts';
import { SCHEMA_TYPES } from '../schema-types.ts';
import type { ImportJob, ImportResult, NamedRef } from '../migration-jobs.ts';
import { applyPlan } from './apply.repository.ts';
import { planImport, type ImportPlan } from './plan-import.ts';
import { openPackage, stagedBatches } from './stage-package.ts';
import { requireUnlocked } from './require-unlocked.ts';
import { staging } from './staging.repository.ts';
import { targetFacts } from './target.repository.ts';
import { writeContacts, writeDuplicates } from './write-special.ts';
import { writeUndoPackage, type PendingUndo } from './write-undo-package.ts';

export interface ImportParts {
  /** The write connection of the thread that runs the import; staging tables are its own. */
  readonly db: Connection<MetadataTables>;
  readonly files: FileStore;
  /** This environment, as undo packages name it. */
  readonly environment: NamedRef;
  /** Wire date of now. */
  now(): string;
  onProgress(progress: number): void;
}

/** Shares of the progress bar, by phase. */
const STAGED = 40;
const PLANNED = 70;
const UNDO_WRITTEN = 85;

/**
 * Imports a package in one transaction (architecture, invariants 1 to 4): stage, plan, check, write the undo package,
 * apply, journal, commit. When it throws, the target is as before and no file is left.
 * @throws AppError `invalid` with all that stands in the way.
 */
export async function importPackage(job: ImportJob, parts: ImportParts): Promise<ImportResult> {
  const file = await openPackage(parts.files, job);
  await stagePackage(file, parts);
  const run = new ImportRun(job, parts, file.manifest);
  try {
    return await parts.db.transaction((tx) => run.execute(tx));
  } catch (error) {
    await run.removeUndoFile();
    throw error;
  }
}

async function stagePackage(file: OpenPackage, parts: ImportParts): Promise<void> {
  const staged = staging(parts.db.executor);
  await staged.reset();
  const expected = Math.max(1, file.manifest.counts?.entries ?? 1);
  let seq = 0;
  for await (const batch of stagedBatches(file)) {
    await staged.add(batch, seq).catch(refuseTwice);
    seq += batch.length;
    parts.onProgress(Math.min(STAGED, (STAGED * seq) / expected));
  }
}

function refuseTwice(error: unknown): never {
  if (error instanceof Error && error.message.includes('UNIQUE constraint failed')) {
    throw new AppError('invalid', 'The package file is damaged: it holds an object twice. Create the package again.', {
      cause: error,
    });
  }
  throw error;
}

class ImportRun {
  readonly #job: ImportJob;
  readonly #parts: ImportParts;
  readonly #manifest: PackageManifest;
  readonly #scope: string;
  #undo: PendingUndo | null = null;

  constructor(job: ImportJob, parts: ImportParts, manifest: PackageManifest) {
    this.#job = job;
    this.#parts = parts;
    this.#manifest = manifest;
    this.#scope = scopeOf(job.projectId);
  }

  async execute(tx: Executor<MetadataTables>): Promise<ImportResult> {
    const project = await this.#targetProject(tx);
    const { settings } = this.#manifest;
    // The dates of objects are kept in whole seconds (spec/api.md 1.9).
    const now = `${this.#parts.now().slice(0, 19)}.000+0000`;
    const plan = await planImport(tx, {
      job: this.#job,
      scope: this.#scope,
      now,
      settings: {
        aclOnReplacingObjects: settings.aclOnReplacingObjects ?? null,
        aclOnNewObjects: settings.aclOnNewObjects,
      },
      onProgress: (share) => this.#parts.onProgress(STAGED + (PLANNED - STAGED) * share),
    });
    refuseBlocked(plan.issues);
    await this.#requireUnlocked(tx);
    if (this.#job.generateUndo && plan.undoSuppressedBy === 0) {
      const schemaProjectId = (await this.#updatesSchema(tx)) ? this.#job.projectId : null;
      this.#undo = await writeUndoPackage(tx, {
        ...this.#parts,
        job: this.#job,
        scope: this.#scope,
        now,
        project,
        schemaProjectId,
      });
    }
    this.#parts.onProgress(UNDO_WRITTEN);
    await this.#apply(tx, plan);
    return this.#finish(tx, plan);
  }

  async #targetProject(tx: Executor<MetadataTables>): Promise<NamedRef | null> {
    const { projectId } = this.#job;
    if (projectId === null) return null;
    const name = await targetFacts(tx, this.#scope).findProjectName(projectId);
    if (name === undefined) {
      throw new AppError('invalid', `Project ${projectId} does not exist on the target. Load or create it first.`);
    }
    return { id: projectId, name };
  }

  async #apply(tx: Executor<MetadataTables>, plan: ImportPlan): Promise<void> {
    const apply = applyPlan(tx, this.#scope);
    await apply.writeAcls(plan.acls.texts());
    await apply.deleteObjects();
    await apply.writeObjects();
    await apply.moveObjects();
    await writeContacts(tx, this.#scope);
    await writeDuplicates(tx, this.#scope);
    const { projectId } = this.#job;
    if (projectId !== null && (await this.#updatesSchema(tx))) {
      const { updateSchema: updates } = this.#manifest.settings;
      await updateSchema(tx, { projectId, updates, date: this.#parts.now() });
    }
  }

  async #requireUnlocked(tx: Executor<MetadataTables>): Promise<void> {
    const isSchemaChanged = await applyPlan(tx, this.#scope).writesTypes(SCHEMA_TYPES);
    await requireUnlocked(tx, {
      scope: this.#scope,
      userId: this.#job.caller.id,
      schemaObjects: isSchemaChanged ? 'changed' : 'untouched',
    });
  }

  /** Flags without a schema object in the package are accepted and do nothing (spec/semantics.md 3). */
  async #updatesSchema(tx: Executor<MetadataTables>): Promise<boolean> {
    if (this.#job.projectId === null || this.#manifest.settings.updateSchema.length === 0) return false;
    return applyPlan(tx, this.#scope).writesTypes(SCHEMA_TYPES);
  }

  async #finish(tx: Executor<MetadataTables>, plan: ImportPlan): Promise<ImportResult> {
    const { id: userId, name: userName } = this.#job.caller;
    const apply = applyPlan(tx, this.#scope);
    const counts = await apply.countOutcomes();
    const undo = this.#undo ? await this.#undo.place() : null;
    const message = this.#message(plan);
    const journalId = await journalWriter(tx).record({
      kind: 'import',
      user: { id: userId, name: userName },
      packageId: this.#job.packageId,
      importId: this.#job.importId,
      date: this.#parts.now(),
      summary: { undoPath: undo?.path ?? null, undoSize: undo?.size ?? null, message, counts },
      entries: [],
    });
    await apply.journal(journalId);
    await objectWriter(tx).bumpRevision(this.#scope);
    return { undo, message, counts };
  }

  #message(plan: ImportPlan): string {
    const notes = plan.issues.length > 0 ? [summariseIssues(plan.issues)] : [];
    if (plan.undoSuppressedBy > 0) notes.push(describeSuppressedUndo(plan.undoSuppressedBy));
    return notes.join('\n');
  }

  /** The file is in place before the commit, so a failed commit has to take it away again. */
  async removeUndoFile(): Promise<void> {
    await this.#undo?.remove();
  }
}

function refuseBlocked(issues: readonly Issue[]): void {
  const blocking = issues.filter((issue) => issue.severity === 'blocking');
  if (blocking.length === 0) return;
  throw new AppError('invalid', `The import was stopped and nothing was changed.\n${summariseIssues(blocking)}`);
}
