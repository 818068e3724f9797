import { AppError } from '@longshore/contracts';
import { describeSuppressedUndo, summariseIssues, type Issue } from '@longshore/domain';
import type { Connection, Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { isConnectionLost } from '../../../platform/db/unusable-database.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { journalWriter } from '../../journal/journal.repository.ts';
import { objectWriter } from '../../objects/object-writer.repository.ts';
import { SCHEMA_TYPES } from '../schema-types.ts';
import type { ImportJob, ImportOrder, ImportResult, NamedRef } from '../migration-jobs.ts';
import { applyPlan } from './apply.repository.ts';
import type { ImportWork, PlannedImport } from './import-work.ts';
import { objectWork } from './object-work.ts';
import { requireUnlocked } from './require-unlocked.ts';
import { StagedPackage, type StagedEntries } from './staged-package.ts';
import { linkWork } from '../security/link-work.ts';
import { targetFacts } from './target.repository.ts';
import { writtenTables } from './written-tables.repository.ts';
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
  /** Last thing before the commit. @throws when the job is another's by now */
  confirm?(tx: Executor<MetadataTables>): Promise<void>;
}

/** Warnings that a record names before it only counts the rest: each may be a need that nobody looked after. */
const MOST_WARNINGS = 200;

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
  const run = await stageImport(job, parts, 'undecided');
  const committing = new CommittingImport(job, parts, run);
  const result = await committed(run, committing, parts);
  await writtenTables(parts.db.executor).refreshStatistics(result.counts);
  return result;
}

async function committed(run: ImportRun, committing: CommittingImport, { db }: ImportParts): Promise<ImportResult> {
  try {
    return await db.transaction((tx) => committing.execute(tx), run.scope);
  } catch (error) {
    // The commit may have been done: whoever settles the job keeps the file, or takes it away.
    await (isConnectionLost(error) ? committing.leaveUndoFile() : committing.removeUndoFile());
    throw error;
  }
}

/**
 * Opens the package file, checks it, and reads it into the staging tables of the connection. Nothing of the target is
 * touched, and no lock is taken. `entries` says whether there is to be a decision of every entry, or only of those about
 * which there is something to decide; what is written is the same.
 * @throws AppError `invalid` when the file cannot be used.
 */
export async function stageImport(order: ImportOrder, parts: ImportParts, entries: StagedEntries): Promise<ImportRun> {
  const onProgress = (share: number): void => parts.onProgress(STAGED * share);
  const staged = await StagedPackage.read(order, { ...parts, onProgress }, entries);
  return new ImportRun(order, parts, staged);
}

/** A staged package on its way into the target: what an import and its validation do alike. */
export class ImportRun {
  readonly #order: ImportOrder;
  readonly #parts: ImportParts;
  readonly #work: ImportWork;
  readonly #staged: StagedPackage;

  constructor(order: ImportOrder, parts: ImportParts, staged: StagedPackage) {
    this.#order = order;
    this.#parts = parts;
    this.#staged = staged;
    const { manifest } = staged;
    const workOf = manifest.type === 'project_security' ? linkWork : objectWork;
    this.#work = workOf({
      order,
      manifest,
      completeStaging: (tx) => staged.complete(tx),
      onProgress: (share) => parts.onProgress(STAGED + (PLANNED - STAGED) * share),
    });
  }

  /** Where the package writes. */
  get scope(): string {
    return this.#work.scope;
  }

  /** The dates of objects are kept in whole seconds (spec/api.md 1.9). */
  now(): string {
    return `${this.#parts.now().slice(0, 19)}.000+0000`;
  }

  /**
   * Plans the import against the target as the transaction sees it; what stands in the way is in its issues.
   * @throws AppError when somebody else has locked what would be changed
   */
  async plan(tx: Executor<MetadataTables>): Promise<PlannedImport> {
    await this.#staged.renew(tx);
    const plan = await this.#work.plan(tx, this.now());
    const isSchemaChanged = await applyPlan(tx, this.scope).writesTypes(SCHEMA_TYPES);
    await requireUnlocked(tx, {
      scope: this.scope,
      userId: this.#order.caller.id,
      schemaObjects: isSchemaChanged ? 'changed' : 'untouched',
    });
    return plan;
  }

  /** @throws AppError `invalid` when the target project is gone. */
  async targetProject(tx: Executor<MetadataTables>): Promise<NamedRef | null> {
    const { projectId } = this.#order;
    if (projectId === null) return null;
    const name = await targetFacts(tx, this.scope).findProjectName(projectId);
    if (name === undefined) {
      throw new AppError('invalid', `Project ${projectId} does not exist on the target. Load or create it first.`);
    }
    return { id: projectId, name };
  }
}

/** The ending of an import: the undo package, the journal, and the commit by whoever has begun the transaction. */
class CommittingImport {
  readonly #job: ImportJob;
  readonly #parts: ImportParts;
  readonly #run: ImportRun;
  #undo: PendingUndo | null = null;

  constructor(job: ImportJob, parts: ImportParts, run: ImportRun) {
    this.#job = job;
    this.#parts = parts;
    this.#run = run;
  }

  async execute(tx: Executor<MetadataTables>): Promise<ImportResult> {
    const project = await this.#run.targetProject(tx);
    const plan = await this.#run.plan(tx);
    refuseBlocked(plan.issues, 'The import was stopped and nothing was changed.');
    if (this.#job.generateUndo && plan.undoSuppressedBy === 0) {
      this.#undo = await writeUndoPackage(tx, {
        ...this.#parts,
        job: this.#job,
        scope: this.#run.scope,
        now: this.#run.now(),
        project,
        schemaProjectId: plan.schemaProjectId,
      });
    }
    this.#parts.onProgress(UNDO_WRITTEN);
    await plan.apply();
    return this.#finish(tx, plan);
  }

  async #finish(tx: Executor<MetadataTables>, plan: PlannedImport): Promise<ImportResult> {
    const { id: userId, name: userName } = this.#job.caller;
    const apply = applyPlan(tx, this.#run.scope);
    const counts = await apply.countOutcomes();
    const undo = this.#undo ? await this.#undo.place() : null;
    const message = planMessage(plan);
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
    await objectWriter(tx).bumpRevision(this.#run.scope);
    await this.#parts.confirm?.(tx);
    return { undo, message, counts };
  }

  /** The file is in place before the commit, so a failed commit has to take it away again. */
  async removeUndoFile(): Promise<void> {
    await this.#undo?.remove();
  }

  /** A file in place stays. */
  async leaveUndoFile(): Promise<void> {
    await this.#undo?.leave();
  }
}

/** What there is to tell about an import that is not stopped; empty when that is nothing. */
export function planMessage(plan: PlannedImport): string {
  const notes = plan.issues.length > 0 ? [summariseIssues(plan.issues, MOST_WARNINGS)] : [];
  notes.push(...plan.notes);
  if (plan.undoSuppressedBy > 0) notes.push(describeSuppressedUndo(plan.undoSuppressedBy));
  return notes.join('\n');
}

/** @throws AppError `invalid`: the headline, and all that stands in the way. */
export function refuseBlocked(issues: readonly Issue[], headline: string): void {
  const blocking = issues.filter((issue) => issue.severity === 'blocking');
  if (blocking.length > 0) throw new AppError('invalid', `${headline}\n${summariseIssues(blocking)}`);
}
