import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '@longshore/contracts';
import type { Platform } from '../../platform/platform.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MadePlan, PlanOutcome } from './plan-job.ts';
import { loadOrphans, planRows } from './plan-rows.repository.ts';
import { subjectOf, type StoredResult } from './plan-subject.ts';
import { planRepository, type PlanRow } from './plans.repository.ts';

/** How many plans an environment keeps; the oldest go when others come. */
export const MOST_PLANS = 20;
/** How many plans of one session may be waiting or in the making. */
export const MOST_RUNNING = 3;
/** A plan that nobody has thrown away goes after this time: the target has changed by then. */
export const KEPT_MS = 4 * 60 * 60 * 1000;
/** The moment of last access of a session in the database can be older than the true one by this much. */
const LONGEST_WRITE_DELAY_MS = 30_000;

const INTERRUPTED = 'The plan was interrupted by a restart of the server. Nothing was changed; plan again.';

/**
 * Keeps plans in bounded number and time. A plan that goes is gone at once; its rows, which may be many, are taken away
 * bit by bit afterwards, so that nobody who writes to the database has to wait for long.
 */
export interface PlanKeeper {
  /** Takes on a new plan and its job, for which the oldest ones make room. @throws AppError `busy` */
  add(row: PlanRow, enqueue: (tx: Executor<LibraryTables>) => Promise<void>): Promise<void>;
  /** Of a plan that is being made, 0 to 99; never fails. */
  progressed(planId: string, progress: number): void;
  /** Whether the plan is still to be made. */
  isPlanning(planId: string): Promise<boolean>;
  /** Of a plan that has ended before, as by a wish to cancel it, only what was written since is taken away. */
  end(planId: string, outcome: PlanOutcome): Promise<void>;
  /** @returns false when it has ended before */
  cancel(planId: string, by: string): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Takes away what has expired, and what sessions that have ended have left. */
  tidy(): Promise<void>;
  /** At start: plans that this process was making have failed, and rows that belong to no plan go. */
  settle(): Promise<void>;
  /** Resolves when nothing is being taken away any more. */
  drain(): Promise<void>;
}

export interface PlanKeeperOptions {
  /** Idle limit of a session in seconds. */
  readonly sessionTimeout: number;
  /** Names this process; the same after a restart. */
  readonly node: string;
}

export function createPlanKeeper(platform: Platform, { sessionTimeout, node }: PlanKeeperOptions): PlanKeeper {
  const { library, clock } = platform;
  const sweeper = createSweeper(platform);

  const remove = async (id: string): Promise<void> => {
    await library.write((tx) => planRepository(tx).removePlan(id));
    sweeper.sweep(id);
  };
  const tidy = async (): Promise<void> => {
    const now = clock.now();
    const left = await planRepository(library.reader).loadLeft(now - sessionTimeout * 1000 - LONGEST_WRITE_DELAY_MS);
    const plans = await planRepository(library.reader).loadPlans();
    const expired = plans.filter((plan) => plan.ended_at !== null && plan.ended_at + KEPT_MS <= now);
    // One that is still being made after such a time was left by a process that did not come back.
    const lost = plans.filter((plan) => plan.ended_at === null && plan.created_at + KEPT_MS <= now);
    for (const id of new Set([...left, ...[...expired, ...lost].map((plan) => plan.id)])) await remove(id);
  };
  const endPlan = (planId: string, outcome: PlanOutcome): Promise<boolean> => {
    const ended = { ...endOf(outcome), ended_at: clock.now() };
    return library.write((tx) => planRepository(tx).endPlan(planId, ended));
  };
  const isPlanned = async (planId: string): Promise<boolean> =>
    (await planRepository(library.reader).findPlan(planId))?.status === 'planned';
  return {
    async add(row, enqueue) {
      await tidy();
      const crowded = await library.write(async (tx) => {
        const gone = await makeRoomFor(planRepository(tx), row);
        await enqueue(tx);
        return gone;
      });
      for (const id of crowded) sweeper.sweep(id);
    },
    progressed: createProgressWriter(platform),
    isPlanning: (planId) => planRepository(library.reader).isPlanning(planId),
    async end(planId, outcome) {
      const isKept = (await endPlan(planId, outcome)) ? outcome.kind === 'planned' : await isPlanned(planId);
      if (!isKept) sweeper.sweep(planId);
    },
    async cancel(planId, by) {
      const isEnded = await endPlan(planId, { kind: 'failed', message: `The plan was cancelled by ${by}.` });
      if (isEnded) sweeper.sweep(planId);
      return isEnded;
    },
    remove,
    tidy,
    async settle() {
      const now = clock.now();
      const plans = await planRepository(library.reader).loadPlans();
      const failed = { status: 'failed', message: INTERRUPTED, result: null, ended_at: now };
      const own = plans.filter((plan) => plan.status === 'planning' && subjectOf(plan).node === node);
      for (const { id } of own) {
        await library.write((tx) => planRepository(tx).endPlan(id, failed));
        sweeper.sweep(id);
      }
      for (const id of await loadOrphans(library.reader)) sweeper.sweep(id);
    },
    drain: () => sweeper.drain(),
  };
}

/** @returns the plans that had to go; their rows are still there */
async function makeRoomFor(plans: ReturnType<typeof planRepository>, row: PlanRow): Promise<string[]> {
  const known = await plans.loadPlans();
  const running = known.filter((plan) => plan.status === 'planning');
  const ofSession = running.filter((plan) => plan.session_id === row.session_id);
  if (ofSession.length >= MOST_RUNNING || running.length >= MOST_PLANS) {
    throw new AppError('busy', `${running.length} plans are being made already. Wait until one of them is ready.`);
  }
  const ended = known.filter((plan) => plan.status !== 'planning');
  const crowded = ended.slice(Math.max(0, MOST_PLANS - 1 - running.length)).map((plan) => plan.id);
  for (const id of crowded) await plans.removePlan(id);
  await plans.addPlan(row);
  return crowded;
}

function endOf(outcome: PlanOutcome): Pick<PlanRow, 'status' | 'message' | 'result'> {
  if (outcome.kind === 'failed') return { status: 'failed', message: outcome.message, result: null };
  return { status: 'planned', message: '', result: JSON.stringify(toStored(outcome.plan)) };
}

function toStored({ scope, revisions, ...result }: MadePlan): StoredResult {
  return { result, scope, revisions };
}

/** Whoever polls has it from the database, since another process may be asked; it only has to be roughly right. */
const WRITE_PROGRESS_EVERY_MS = 500;

function createProgressWriter({ library, clock, log }: Platform): PlanKeeper['progressed'] {
  let last: { readonly planId: string; readonly at: number } | null = null;
  return (planId, value) => {
    const now = clock.now();
    if (last?.planId === planId && now - last.at < WRITE_PROGRESS_EVERY_MS) return;
    last = { planId, at: now };
    const progress = Math.min(99, Math.max(0, Math.floor(value)));
    library
      .write((tx) => planRepository(tx).setProgress(planId, progress))
      .catch((error: unknown) => log.warn({ err: error, planId }, 'The progress of a plan was not written'));
  };
}

interface Sweeper {
  /** Never fails: what cannot be taken away now is found at the next start. */
  sweep(planId: string): void;
  drain(): Promise<void>;
}

function createSweeper({ library, log }: Platform): Sweeper {
  let work = Promise.resolve();
  const takeAway = async (planId: string): Promise<void> => {
    while (await library.write((tx) => planRows(tx).removeSomeRows(planId))) await turn();
  };
  return {
    sweep(planId) {
      work = work
        .then(() => takeAway(planId))
        .catch((error: unknown) => log.warn({ err: error, planId }, 'The rows of a plan were not taken away'));
    },
    drain: () => work,
  };
}
