import type { PackageManifest } from '@longshore/contracts';
import { canonicalJson, type JsonValue, type PackageEntry } from '@longshore/domain';
import { writePackage } from '@longshore/package-file';
import { cancelledOutcome } from '../../packages/server/src/features/migrations/cancelled-outcome.ts';
import { contentPiece } from '../../packages/server/src/features/migrations/content-pieces.ts';
import type {
  ContentEntry,
  CreateJob,
  CreateResult,
  ImportJob,
  JobListener,
  JobRunner,
  JobSequel,
  MigrationJob,
} from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { packageManifest } from '../../packages/server/src/features/migrations/package-manifest.ts';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';

export const PLATFORM = '11.6.0700.00001';

/** A runner that holds every job until a test says how it ends. Package files are real ones. */
export interface HeldRunner extends JobRunner {
  readonly jobs: readonly MigrationJob[];
  /** What was said to follow a job. */
  sequelOf(job: MigrationJob): JobSequel | undefined;
  /** Loses its jobs, as a crash does. */
  forget(): void;
  /** Refuses further jobs, as a runner does that is being drained. */
  refuse(): void;
  progress(value: number): void;
  finishCreation(manifest?: Partial<PackageManifest>): Promise<CreateResult>;
  finishImport(options?: { undo?: 'none'; message?: string }): Promise<void>;
  finishUndo(): Promise<void>;
  finishValidation(message?: string): Promise<void>;
  fail(message: string): Promise<void>;
  /** The thread died under the job. */
  lose(): Promise<void>;
  /** Another process finds out what became of a job. */
  repeat(job: MigrationJob): Promise<void>;
  /** The worker of a job is back after another one has taken it. */
  supersede(job: MigrationJob): Promise<void>;
}

/** @param adopt is told of what follows a job, as by a runner that works on it */
export function createHeldRunner(
  files: FileStore,
  listener: JobListener,
  adopt: (job: MigrationJob, sequel: JobSequel) => void = () => undefined,
): HeldRunner {
  const jobs: MigrationJob[] = [];
  const sequels = new Map<MigrationJob, JobSequel>();
  let isRefusing = false;
  const take = <K extends MigrationJob['kind']>(kind: K): Extract<MigrationJob, { kind: K }> => {
    const job = jobs.shift();
    if (job?.kind !== kind) throw new Error(`The next job is ${job?.kind ?? 'none'}, not ${kind}.`);
    return job as Extract<MigrationJob, { kind: K }>;
  };
  const next = (): MigrationJob => {
    const [job] = jobs;
    if (!job) throw new Error('There is no job.');
    return job;
  };
  return {
    jobs,
    forget: () => void jobs.splice(0),
    refuse: () => void (isRefusing = true),
    enqueue: async (_tx, job, sequel) => void (sequel && sequels.set(job, sequel)),
    sequelOf: (job) => sequels.get(job),
    submit(job, sequel) {
      if (isRefusing) throw new Error('The runner is draining.');
      if (sequel) adopt(job, sequel);
      jobs.push(job);
    },
    async cancel({ kind, packageId, importId }, by) {
      const at = jobs.findIndex(
        (job) => [job.kind, job.packageId, job.importId].join() === [kind, packageId, importId].join(),
      );
      const [job] = at < 0 ? [] : jobs.splice(at, 1);
      if (!job) return 'unknown';
      await listener.ended(job, cancelledOutcome(job, by));
      return 'asked';
    },
    built: async () => {},
    drain: async () => {},
    progress: (value) => listener.progressed(next(), value),
    async finishCreation(manifest) {
      const job = take('create');
      const content = job.content.map((entry, i) => contentOf(job, i, entry.id));
      const size = await storePackage(files, job, manifest);
      const result = { size, content: [contentPiece(content)], objects: content.length, warnings: [] };
      await listener.ended(job, { kind: 'create', result });
      return result;
    },
    async finishImport(options = {}) {
      const job = take('import');
      const undo = options.undo === 'none' || !job.generateUndo ? null : await storeUndo(files, job);
      const result = { undo, message: options.message ?? '', counts: { replace: 1 } };
      await listener.ended(job, { kind: 'import', result });
    },
    async finishUndo() {
      await listener.ended(take('undo'), { kind: 'undo', result: { message: '' } });
    },
    async finishValidation(message = '') {
      await listener.ended(take('validate'), { kind: 'validate', result: { message, counts: { replace: 1 } } });
    },
    async fail(message) {
      const job = next();
      jobs.shift();
      await listener.ended(job, { kind: 'failed', message });
    },
    async lose() {
      const job = next();
      jobs.shift();
      await listener.ended(job, { kind: 'lost' });
    },
    repeat: (job) => listener.ended(job, { kind: 'lost' }),
    supersede: (job) => listener.superseded(job),
  };
}

const VERSION = '2215B50211EB7C9D8F150080EF651EEA';
const OWNER = '54F3D26011D2896560009A8E67019608';
const CREATED = '2001-01-02T20:48:10.000+0000';
const MODIFIED = '2021-03-04T03:53:09.000+0000';

function contentOf(job: CreateJob, index: number, id: string): ContentEntry {
  const asked = job.content[index];
  if (!asked) throw new Error(`No entry ${index}`);
  return {
    id,
    name: asked.name ?? `Object ${index}`,
    version: VERSION,
    type: asked.type,
    owner: { id: OWNER },
    dateCreated: CREATED,
    dateModified: MODIFIED,
    action: asked.action ?? job.settings.defaultAction,
    includeDependents: asked.includeDependents,
    explicitIncluded: true,
    level: job.type === 'configuration' ? 'configuration_object' : 'project_object',
  };
}

/** The manifest that the engine would write for a job, without the counts of what it would find. */
export function manifestOf(job: CreateJob): PackageManifest {
  const none = { content: 0, dependents: 0, ancestors: 0 };
  const selection = { batches: async function* () {}, absent: [], leftOut: [], counts: none };
  const { counts: _counts, ...manifest } = packageManifest(job, selection);
  return manifest;
}

async function storePackage(
  files: FileStore,
  job: CreateJob,
  manifest: Partial<PackageManifest> = {},
): Promise<number> {
  const pending = await files.create(parseStorePath(job.storagePath));
  const lines = job.content.map((entry, i) => ({ header: headerOf(contentOf(job, i, entry.id)), body: '{}' }));
  const folder = { header: headerOf({ ...folderOf(), id: '98FE182C2A10427EACE0CD30B6768258' }), body: '{}' };
  await writePackage(pending.stream, { ...manifestOf(job), ...manifest }, batches([folder, ...lines]), {
    maxBytes: job.maxBytes,
  });
  return (await pending.commit()).size;
}

async function* batches<T>(lines: T[]): AsyncGenerator<T[]> {
  yield await Promise.resolve(lines);
}

type EntryLine = Pick<PackageEntry, 'id' | 'name' | 'type' | 'action'> & { readonly role?: PackageEntry['role'] };

/** A folder that the target may lack; it is in the file, and in no content list. */
const folderOf = (): EntryLine => ({
  id: '',
  name: 'Public Objects',
  type: 8,
  action: 'use_existing',
  role: 'ancestor',
});

function headerOf(entry: EntryLine): string {
  const header: Record<string, JsonValue> = {
    role: entry.role ?? 'content',
    action: entry.action,
    absent: false,
    id: entry.id,
    type: entry.type,
    subtype: entry.type * 256,
    name: entry.name,
    description: '',
    abbreviation: '',
    parentId: null,
    ownerId: OWNER,
    version: VERSION,
    dateCreated: CREATED,
    dateModified: MODIFIED,
    hidden: false,
    acl: [],
    references: [],
    bodyHash: '',
    contactsHash: null,
    translations: '{}',
    uses: '[]',
  };
  return canonicalJson(header);
}

async function storeUndo(files: FileStore, job: ImportJob): Promise<{ path: string; size: number }> {
  return storeBytes(files, job.undoPath, 'an undo package');
}

/** Puts bytes at a path of the store, as another environment might have. */
export async function storeBytes(
  files: FileStore,
  path: string,
  text: string,
): Promise<{ path: string; size: number }> {
  const pending = await files.create(parseStorePath(path));
  pending.stream.write(text);
  const { size } = await pending.commit();
  return { path, size };
}
