import type { LibraryClient, Migration } from '@longshore/client';
import type { Plan, PlanIssue, PlanObject } from '@longshore/contracts';
import { OUTCOMES, type Outcome } from '@longshore/domain';
import { FailedError } from '../exit-codes.ts';
import type { Emit } from '../output/events.ts';

/** A plan as it is printed: what would change, and what is to be known. What would stay as it is is only counted. */
export interface PlanReport {
  readonly migrationId: string;
  readonly target: string;
  readonly plan: Plan;
  readonly objects: readonly PlanObject[];
  readonly issues: readonly PlanIssue[];
}

const UNCHANGED: readonly Outcome[] = ['keep', 'skip'];
const CHANGING = OUTCOMES.filter((outcome) => !UNCHANGED.includes(outcome));
const PAGE = 1000;
/** How long the end of a command may wait for the server to hear that the plan is not wanted any more. */
const CANCEL_MS = 2000;

export interface PlanWork {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Has the target plan the import of a record, and reads what it found. @throws FailedError when it cannot be planned */
export async function readPlan(
  target: LibraryClient,
  record: Migration,
  options: { readonly projectId: string | undefined; readonly work: PlanWork },
): Promise<PlanReport> {
  const { projectId, work } = options;
  return followPlan(target, await target.plans.create(record, { projectId, signal: work.signal }), work);
}

/** The same for a file that was uploaded to the target. */
export async function readFilePlan(
  target: LibraryClient,
  fileId: string,
  options: { readonly projectId: string | undefined; readonly work: PlanWork },
): Promise<PlanReport> {
  const { projectId, work } = options;
  return followPlan(target, await target.plans.createForFile(fileId, { projectId, signal: work.signal }), work);
}

async function followPlan(
  target: LibraryClient,
  { id, migrationId }: Plan,
  { emit, signal }: PlanWork,
): Promise<PlanReport> {
  const onPoll = ({ status, progress }: Plan): void => {
    if (status === 'planning') emit({ kind: 'progress', phase: 'plan', percent: progress });
  };
  const plan = await target.plans.waitFor(id, { signal, onPoll }).catch(async (error: unknown) => {
    // Nobody will read it: whoever stops the command, stops the plan.
    if (signal.aborted)
      await target.plans.cancel(id, { signal: AbortSignal.timeout(CANCEL_MS) }).catch(() => undefined);
    throw error;
  });
  if (plan.status !== 'planned') {
    throw new FailedError(`The import cannot be planned on ${target.libraryUrl}: ${plan.message}`);
  }
  const objects = await readAll((offset) =>
    target.plans.objects(id, { outcomes: CHANGING, offset, limit: PAGE, signal }),
  );
  const issues = await readAll((offset) => target.plans.issues(id, { offset, limit: PAGE, signal }));
  await target.plans.delete(id, { signal });
  return { migrationId, target: target.libraryUrl, plan, objects, issues };
}

async function readAll<T>(
  read: (offset: number) => Promise<{ readonly total: number; readonly items: readonly T[] }>,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const { total, items } = await read(all.length);
    all.push(...items);
    if (items.length === 0 || all.length >= total) return all;
  }
}
