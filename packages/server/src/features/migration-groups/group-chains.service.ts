import type { GroupWork } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import type {
  EndSteps,
  JobListener,
  JobOutcome,
  JobRunner,
  JobSequel,
  MigrationJob,
  NamedRef,
} from '../migrations/migration-jobs.ts';
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
  /** Takes on a member, in the process that works on it. */
  adopt(job: MigrationJob, sequel: JobSequel): void;
  /** At the end of the process, where jobs end with it: the member at work comes to its end, and no further one is started. */
  stop(): void;
}

export interface GroupChainParts {
  readonly platform: Platform;
  /** Keeps the records of single migrations, of which the members are some. */
  readonly listener: JobListener;
  /** The runner; `submit` throws when it takes no more. */
  readonly runner: Pick<JobRunner, 'enqueue' | 'submit'>;
  /** This environment as packages name it; asked when a group starts. */
  environment(): NamedRef;
}

const REFUSED = 'The server is being shut down and took on no more work. Start this again when it is back.';

interface Step {
  readonly chain: GroupChain;
  readonly index: number;
  /** See `JobSequel`. */
  readonly environment: NamedRef;
}

interface NextStep {
  /** Null after the last. */
  readonly step: Step | null;
  /** Number of the newest journal transaction of its member so far. */
  readonly journalBefore: number;
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
      ended: (job, outcome, steps) => this.#ended(job, outcome, steps),
      superseded: async (job) => {
        // Whoever has the job goes on with the group.
        this.#steps.delete(keyOf(job));
        await parts.listener.superseded(job);
      },
    };
  }

  async enqueue(tx: Executor<LibraryTables>, chain: GroupChain): Promise<void> {
    await this.#enqueue(tx, this.#first(chain));
  }

  adopt(job: MigrationJob, sequel: JobSequel): void {
    this.#steps.set(keyOf(job), sequel as unknown as Step);
  }

  async #enqueue(tx: Executor<LibraryTables>, step: Step): Promise<void> {
    await this.#parts.runner.enqueue(tx, jobOf(step), { ...step });
  }

  async start(chain: GroupChain): Promise<void> {
    await this.#submit(this.#first(chain));
  }

  #first(chain: GroupChain): Step {
    return { chain, index: 0, environment: this.#parts.environment() };
  }

  stop(): void {
    this.#isStopping = true;
  }

  async #submit(step: Step): Promise<void> {
    const job = jobOf(step);
    try {
      this.#parts.runner.submit(job, { ...step });
    } catch (error) {
      this.#parts.platform.log.warn({ err: error, importId: job.importId }, 'A job was refused by the runner');
      this.#isStopping = true;
      this.adopt(job, { ...step });
      await this.listener.ended(job, { kind: 'failed', message: REFUSED });
    }
  }

  /**
   * The next member begins in the transaction that writes the end of the one before. A process that dies between the two
   * would leave it to the next one, which could not tell whether the group has gone on already.
   */
  async #ended(job: MigrationJob, outcome: JobOutcome, steps: EndSteps = {}): Promise<void> {
    const { listener, platform } = this.#parts;
    const step = this.#steps.get(keyOf(job));
    if (!step) return listener.ended(job, outcome, steps);
    const { chain, index } = step;
    const next = index + 1 < chain.jobs.length ? { ...step, index: index + 1 } : null;
    const newest = next && (await targetFactsRepository(platform.metadata.reader).findNewestJob(jobOf(next).importId));
    let begun: Step | null = null;
    await listener.ended(job, outcome, {
      ...steps,
      follow: async (tx) => {
        begun = await this.#goOn(tx, step, { step: next, journalBefore: newest?.number ?? 0 });
      },
    });
    this.#steps.delete(keyOf(job));
    if (begun) await this.#submit(begun);
  }

  /**
   * A failure ends a creation and an import; an undo goes on with what can be undone.
   * @returns the step that begins
   */
  async #goOn(tx: Executor<LibraryTables>, step: Step, next: NextStep): Promise<Step | null> {
    const { chain } = step;
    const member = await migrationRepository(tx).findMigration(jobOf(step));
    const hasFailed = !member || !isDone(chain.work, member);
    if (next.step === null || (hasFailed && chain.work !== 'undo')) await this.#rest(tx, chain);
    else if (this.#isStopping) await this.#interrupt(tx, chain, 'a shutdown of the server');
    else if (await this.#begin(tx, next.step, next.journalBefore)) return next.step;
    // A group whose next member cannot be started must not wait for a restart.
    else await this.#interrupt(tx, chain, 'an error of the server, whose log says more,');
    return null;
  }

  /** @returns false when there is no such member any more */
  async #begin(tx: Executor<LibraryTables>, step: Step, journalBefore: number): Promise<boolean> {
    const { clock, log } = this.#parts.platform;
    const job = jobOf(step);
    const member = await migrationRepository(tx).findMigration(job);
    if (!member) {
      const { packageGroupId } = step.chain;
      log.error({ packageGroupId, packageId: job.packageId }, 'A member of a group at work has vanished');
      return false;
    }
    const at = clock.now();
    await writeStep(tx, { member, job }, { at, now: wireDate(at), journalBefore });
    await this.#enqueue(tx, step);
    return true;
  }

  async #rest(tx: Executor<LibraryTables>, { packageGroupId }: GroupChain): Promise<void> {
    const group = await groupRepository(tx).findGroup(packageGroupId);
    const now = wireDate(this.#parts.platform.clock.now());
    if (group) await groupRepository(tx).saveGroup(atRest(group.record, now));
  }

  async #interrupt(tx: Executor<LibraryTables>, { packageGroupId }: GroupChain, by: string): Promise<void> {
    const group = await groupRepository(tx).findGroup(packageGroupId);
    const now = wireDate(this.#parts.platform.clock.now());
    if (group) await restInterrupted(tx, group, { by, now });
  }
}

function jobOf({ chain, index }: Pick<Step, 'chain' | 'index'>): MigrationJob {
  const job = chain.jobs[index];
  if (!job) throw new Error(`The chain of group ${chain.packageGroupId} has no step ${index}.`);
  return job;
}

/** One job at a time works on an import. */
const keyOf = (job: MigrationJob): string => `${job.kind} ${job.importId}`;
