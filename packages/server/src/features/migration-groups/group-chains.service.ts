import type { GroupWork } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import type { JobListener, JobRunner, JobSequel, MigrationJob } from '../migrations/migration-jobs.ts';
import { migrationRepository } from '../migrations/migrations.repository.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import { atRest, isDone, restInterrupted, writeStep } from './group-steps.ts';
import { groupRepository } from './migration-groups.repository.ts';

/** The jobs of a group, in their order. The record of the first member says already that it is under way. */
export interface GroupChain {
  readonly packageGroupId: string;
  readonly work: GroupWork;
  readonly jobs: readonly MigrationJob[];
}

/** Works on the members of groups one after another (spec/api.md 3.7). */
export interface GroupChains {
  /** To this the job runner reports: it passes on what it hears, and starts the next member when one has ended. */
  readonly listener: JobListener;
  /** In the transaction that begins the first member. */
  enqueue(tx: Executor<LibraryTables>, chain: GroupChain): Promise<void>;
  /** Once that is committed. */
  start(chain: GroupChain): Promise<void>;
  /** Takes on a member that another process has enqueued. */
  adopt(job: MigrationJob, sequel: JobSequel): void;
  /** At shutdown: the member at work comes to its end, and no further one is started. */
  stop(): void;
}

export interface GroupChainParts {
  readonly platform: Platform;
  /** Keeps the records of single migrations, of which the members are some. */
  readonly listener: JobListener;
  /** The runner; `submit` throws when it takes no more. */
  readonly runner: Pick<JobRunner, 'enqueue' | 'submit'>;
}

const REFUSED = 'The server is being shut down and took on no more work. Start this again when it is back.';

interface Step {
  readonly chain: GroupChain;
  readonly index: number;
}

export function createGroupChains(parts: GroupChainParts): GroupChains {
  return new Chains(parts);
}

/**
 * What is under way is kept in memory, and with the job where jobs outlive the process. That a group has been under way
 * is on its record, by which the next start of an embedded runner brings it to rest.
 */
class Chains implements GroupChains {
  readonly #parts: GroupChainParts;
  readonly #steps = new Map<string, Step>();
  #isStopping = false;
  readonly listener: JobListener;

  constructor(parts: GroupChainParts) {
    this.#parts = parts;
    this.listener = {
      progressed: (job, progress) => parts.listener.progressed(job, progress),
      ended: async (job, outcome, confirm) => {
        await parts.listener.ended(job, outcome, confirm);
        await this.#afterEnd(job);
      },
      superseded: async (job) => {
        // Whoever has the job goes on with the group.
        this.#steps.delete(keyOf(job));
        await parts.listener.superseded(job);
      },
    };
  }

  async enqueue(tx: Executor<LibraryTables>, chain: GroupChain): Promise<void> {
    await this.#enqueue(tx, { chain, index: 0 });
  }

  adopt(job: MigrationJob, sequel: JobSequel): void {
    this.#steps.set(keyOf(job), sequel as unknown as Step);
  }

  async #enqueue(tx: Executor<LibraryTables>, step: Step): Promise<void> {
    await this.#parts.runner.enqueue(tx, jobOf(step), { ...step });
  }

  async start(chain: GroupChain): Promise<void> {
    await this.#submit({ chain, index: 0 });
  }

  stop(): void {
    this.#isStopping = true;
  }

  async #submit(step: Step): Promise<void> {
    const job = jobOf(step);
    this.#steps.set(keyOf(job), step);
    try {
      this.#parts.runner.submit(job);
    } catch (error) {
      this.#parts.platform.log.warn({ err: error, importId: job.importId }, 'A job was refused by the runner');
      this.#isStopping = true;
      await this.listener.ended(job, { kind: 'failed', message: REFUSED });
    }
  }

  /** A group whose next member cannot be started must not wait for a restart. */
  async #afterEnd(job: MigrationJob): Promise<void> {
    const step = this.#steps.get(keyOf(job));
    if (!step) return;
    this.#steps.delete(keyOf(job));
    try {
      await this.#goOn(step);
    } catch (error) {
      const { packageGroupId } = step.chain;
      this.#parts.platform.log.error({ err: error, packageGroupId }, 'The next member of a group could not be started');
      await this.#interrupt(step.chain, 'an error of the server, whose log says more,');
    }
  }

  /** A failure ends a creation and an import; an undo goes on with what can be undone. */
  async #goOn({ chain, index }: Step): Promise<void> {
    const job = jobOf({ chain, index });
    const member = await migrationRepository(this.#parts.platform.library.reader).findMigration(job);
    const hasFailed = !member || !isDone(chain.work, member);
    const isLast = index + 1 >= chain.jobs.length;
    if (isLast || (hasFailed && chain.work !== 'undo')) return this.#rest(chain);
    if (this.#isStopping) return this.#interrupt(chain, 'a shutdown of the server');
    await this.#begin({ chain, index: index + 1 });
  }

  async #begin(step: Step): Promise<void> {
    const { platform } = this.#parts;
    const job = jobOf(step);
    const newest = await targetFactsRepository(platform.metadata.reader).findNewestJob(job.importId);
    await platform.library.write(async (tx) => {
      const member = await migrationRepository(tx).findMigration(job);
      if (!member) throw new Error(`The member ${job.packageId} of a group at work has vanished.`);
      const at = platform.clock.now();
      await writeStep(tx, { member, job }, { at, now: wireDate(at), journalBefore: newest?.number ?? 0 });
      await this.#enqueue(tx, step);
    });
    await this.#submit(step);
  }

  async #rest({ packageGroupId }: GroupChain): Promise<void> {
    const { platform } = this.#parts;
    await platform.library.write(async (tx) => {
      const group = await groupRepository(tx).findGroup(packageGroupId);
      if (group) await groupRepository(tx).saveGroup(atRest(group.record, wireDate(platform.clock.now())));
    });
  }

  async #interrupt({ packageGroupId }: GroupChain, by: string): Promise<void> {
    const { platform } = this.#parts;
    await platform.library.write(async (tx) => {
      const group = await groupRepository(tx).findGroup(packageGroupId);
      const now = wireDate(platform.clock.now());
      if (group) await restInterrupted(tx, group, { by, now });
    });
  }
}

function jobOf({ chain, index }: Step): MigrationJob {
  const job = chain.jobs[index];
  if (!job) throw new Error(`The chain of group ${chain.packageGroupId} has no step ${index}.`);
  return job;
}

/** One job at a time works on an import. */
const keyOf = (job: MigrationJob): string => `${job.kind} ${job.importId}`;
