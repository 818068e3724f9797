import type { TranslationWord } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { ContentPieces } from './content-pieces.ts';
import type {
  AclOnNew,
  AclOnReplacing,
  ConflictAction,
  MergeAction,
  PackageType,
  SchemaUpdate,
} from '@longshore/domain';

/** `{id, name}` as it stands in records. */
export interface NamedRef {
  readonly id: string;
  readonly name: string;
}

/** The caller on whose behalf a job runs; rights are checked when it is asked for, access again when it runs. */
export interface JobCaller extends NamedRef {
  readonly principalIds: readonly string[];
  /** Holds "Bypass all object security access checks" in the project of the job. */
  readonly bypassesSecurity: boolean;
}

/** What only a project merge has among its settings (spec/api.md 4.4), in the order and words of the request. */
export interface MergeOptions {
  readonly validateDependencies: boolean;
  readonly translationAction: TranslationWord;
  readonly objectTypeActions: readonly {
    readonly type: number;
    readonly subtype?: number;
    readonly action: MergeAction;
  }[];
  readonly folderActions: readonly { readonly id: string; readonly action: MergeAction }[];
  readonly objectActions: readonly {
    readonly id: string;
    readonly objectType?: number;
    readonly action: MergeAction;
  }[];
}

/** tocView.settings in resolved form: defaults filled in (spec/api.md 4.1). */
export interface PackageSettings {
  readonly updateSchema: readonly SchemaUpdate[];
  readonly aclOnReplacingObjects: AclOnReplacing | null;
  readonly aclOnNewObjects: readonly AclOnNew[];
  readonly defaultAction: ConflictAction;
  /** A project merge has them, and nothing else does. */
  readonly merge?: MergeOptions;
}

/** One entry of tocView.content as asked for. */
export interface RequestedEntry {
  readonly id: string;
  readonly type: number;
  readonly name?: string;
  readonly version?: string;
  readonly action?: ConflictAction;
  readonly includeDependents: boolean;
  readonly parentId?: string;
}

/** One entry of tocView.content as it is read back (spec/api.md 4.2). */
export interface ContentEntry {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly version?: string;
  readonly owner?: { readonly id: string };
  readonly dateCreated?: string;
  readonly dateModified?: string;
  readonly action: ConflictAction;
  readonly includeDependents: boolean;
  readonly explicitIncluded: boolean;
  readonly level: 'project_object' | 'configuration_object';
  readonly parentId?: string;
}

export interface RecordWarning {
  readonly message: string;
  readonly bannedObjectCount?: number;
}

export interface CreateJob {
  readonly kind: 'create';
  readonly packageId: string;
  readonly importId: string;
  readonly type: PackageType;
  readonly purpose: string;
  readonly name: string;
  /** Wire date of the POST; becomes `createdAt` of the manifest. */
  readonly createdAt: string;
  readonly caller: JobCaller;
  readonly environment: NamedRef;
  /** Null for configuration packages. */
  readonly project: NamedRef | null;
  readonly settings: PackageSettings;
  readonly content: readonly RequestedEntry[];
  readonly storagePath: string;
  /** The file that this one takes the place of, when a package is edited; it goes when the job has ended. */
  readonly replacedPath?: string;
  readonly maxBytes: number;
}

export interface CreateResult {
  readonly size: number;
  /** What the package shows of its content; its bytes are handed over to the thread that gets the result. */
  readonly content: ContentPieces;
  /** How many objects the package holds, those that others need and their folders included. */
  readonly objects: number;
  readonly warnings: readonly RecordWarning[];
}

/** What goes into the target, and on whose behalf: the same for an import and for its validation. */
export interface ImportOrder {
  readonly packageId: string;
  readonly importId: string;
  readonly storagePath: string;
  readonly storageSize: number;
  readonly type: PackageType;
  readonly caller: JobCaller;
  /** Target project; null for configuration packages. */
  readonly projectId: string | null;
  readonly nameClash: 'rename' | 'fail';
  /**
   * Of a file that a client has uploaded, and of no other: the package id in the file, which is not the one under which
   * the package is kept here. Nothing in such a file is taken as given.
   */
  readonly contentPackageId?: string;
}

export interface ImportJob extends ImportOrder {
  readonly kind: 'import';
  readonly generateUndo: boolean;
  readonly undoPath: string;
}

export interface ImportResult {
  /** Null when none was asked for, or a keep_both rule took effect. */
  readonly undo: { readonly path: string; readonly size: number } | null;
  /** Empty when there is nothing to tell; else warnings, and why there is no undo package. */
  readonly message: string;
  readonly counts: Readonly<Record<string, number>>;
}

export interface UndoJob {
  readonly kind: 'undo';
  readonly packageId: string;
  readonly importId: string;
  /** Null after a failed import: there is nothing to undo and the job does nothing. */
  readonly undoPath: string | null;
  readonly caller: JobCaller;
  readonly projectId: string | null;
  /** Of the import of an undo package by a session: the package of that session. */
  readonly holderGuid?: string;
}

export interface UndoResult {
  readonly message: string;
}

/** An import that is rolled back when it has shown what it would do. */
export interface ValidateJob extends ImportOrder {
  readonly kind: 'validate';
  /** Names this run in the status file. */
  readonly run: string;
  /** The target as the source names it; the source compares it when it reads the result. */
  readonly environmentId?: string;
}

/** As much of a validation as its status file tells. */
export type ReportedJob = Pick<
  ValidateJob,
  'packageId' | 'importId' | 'run' | 'storagePath' | 'environmentId' | 'projectId'
>;

export interface ValidateResult {
  /** Warnings; empty when there are none. */
  readonly message: string;
  readonly counts: Readonly<Record<string, number>>;
}

export type MigrationJob = CreateJob | ImportJob | UndoJob | ValidateJob;
export type MigrationResult = CreateResult | ImportResult | UndoResult | ValidateResult;

/** How a job ended; a failure's message is for the record and names what is in the way. */
export type JobOutcome =
  | { readonly kind: 'create'; readonly result: CreateResult }
  | { readonly kind: 'import'; readonly result: ImportResult }
  | { readonly kind: 'undo'; readonly result: UndoResult }
  | { readonly kind: 'validate'; readonly result: ValidateResult }
  | { readonly kind: 'failed'; readonly message: string }
  /** The worker died under the job: only the metadata's journal tells whether it was committed. */
  | { readonly kind: 'lost' };

/** By which a job is found; of one kind, one at a time works on an import or a package. */
export type JobKey = Pick<MigrationJob, 'kind' | 'packageId' | 'importId'>;

/** A session's undo goes by the package of the session: the import that it undoes may have an undo of its own. */
export function jobKeyOf(job: MigrationJob): JobKey {
  const { kind, packageId, importId } = job;
  return { kind, packageId: (job.kind === 'undo' ? job.holderGuid : undefined) ?? packageId, importId };
}

/** The file that a job may write, which is its own; null when it writes none. */
export function fileOf(job: MigrationJob): string | null {
  if (job.kind === 'create') return job.storagePath;
  return job.kind === 'import' ? job.undoPath : null;
}

/**
 * What became of the wish to end a job. `asked`: it ends as failed. `tooLate`: its commit has begun. `unknown`: the runner has not got it.
 */
export type CancelAnswer = 'asked' | 'tooLate' | 'unknown';

/** What is to follow a job; kept with it where jobs outlive the process that asked for them. */
export type JobSequel = Readonly<Record<string, unknown>> & {
  /** The environment as packages name it: a worker, which lets the next job follow, does not know that of itself. */
  readonly environment: NamedRef;
};

/** Runs jobs one after another, off the thread that answers requests. */
export interface JobRunner {
  /** In the transaction that brings the record into its running state; `submit` follows once that is committed. */
  enqueue(tx: Executor<LibraryTables>, job: MigrationJob, sequel?: JobSequel): Promise<void>;
  /**
   * Takes a job whose record is already in its running state, with the sequel that it was enqueued with. Never throws for
   * what the job does.
   */
  submit(job: MigrationJob, sequel?: JobSequel): void;
  /** Ends a job that waits or runs, by the wish of the named user; its record hears of it like of any failure. */
  cancel(job: JobKey, by: string): Promise<CancelAnswer>;
  /** Resolves when no package with this id is being built any more, at the latest after `patience` milliseconds. */
  built(packageId: string, patience: number): Promise<void>;
  /** Refuses new jobs and waits until the running one has ended. */
  drain(): Promise<void>;
}

/**
 * First thing in a transaction that writes the end of a job which came from a queue: from here to the commit nobody can
 * take the job over. An end that comes late, when a cut network is back, would be told of whatever became of the record
 * since, and that may be the same import, sent again.
 * @throws LeaseLost
 */
export type ConfirmJob = (tx: Executor<LibraryTables>) => Promise<void>;

/** What belongs into the transaction that writes the end of a job. */
export interface EndSteps {
  /** First. */
  readonly confirm?: ConfirmJob | undefined;
  /** Last, and only where the end is written: what follows the job. Neither is there without the other, or there twice. */
  follow?(tx: Executor<LibraryTables>): Promise<void>;
}

/** Who keeps the records; the runner reports to it and nothing else. */
export interface JobListener {
  /** 0 to 100, never falling; at most a few times a second. */
  progressed(job: MigrationJob, progress: number): void;
  /** @throws LeaseLost when the job is another's, who writes its end */
  ended(job: MigrationJob, outcome: JobOutcome, steps?: EndSteps): Promise<void>;
  /** The job is another's by now, and what this process has written of it is of no use. */
  superseded(job: MigrationJob): Promise<void>;
}
