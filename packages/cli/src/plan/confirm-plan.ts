import { createInterface } from 'node:readline/promises';
import type { Migration } from '@longshore/client';
import type { CommandContext } from '../context.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import type { Walk } from '../migrate/journey.ts';
import type { Sides } from '../migrate/run-migration.ts';
import { readPlan, type PlanReport } from './read-plan.ts';

export interface ConfirmValues {
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly allowDeletions?: number;
  readonly json?: unknown;
}

/**
 * Whether somebody is there to be asked is clear before anything is done.
 * @throws UsageError when nobody can be asked, and `--yes` was not given
 */
export function checkConfirmation(values: ConfirmValues, { io }: CommandContext): void {
  if (values.plan !== true || values.yes === true) return;
  if (io.stdout.isTTY === true && values.json !== true) return;
  throw new UsageError(
    'Nobody can be asked here: give --yes to import what is planned, or use longshore plan to look.',
  );
}

/** Shows the plan and asks whether to go on. @throws FailedError when the answer is no, or the plan is blocked */
export async function confirmPlan(
  record: Migration,
  options: {
    readonly values: ConfirmValues;
    readonly projectId: string | undefined;
    readonly sides: Sides;
    readonly walk: Walk;
    readonly context: CommandContext;
  },
): Promise<void> {
  const { values, projectId, sides, walk, context } = options;
  const report = await readPlan(sides.target, record, { projectId, work: walk });
  context.emit({ kind: 'plan', report });
  if (report.plan.result?.blocked) {
    throw new FailedError(`The import would be stopped on ${report.target}; it was not started. ${kept(record)}`);
  }
  if (values.yes === true) return checkDeletions(report, values.allowDeletions, record);
  if (!(await ask(context))) throw new FailedError(`Not imported: the plan was declined. ${kept(record)}`);
}

/** What a script agrees to beforehand does not include that more is deleted than it knew of. */
function checkDeletions({ plan: { result } }: PlanReport, allowed: number | undefined, record: Migration): void {
  const planned = result?.counts.delete ?? 0;
  if (planned === (allowed ?? 0)) return;
  throw new FailedError(
    `The plan deletes ${planned} objects, and --allow-deletions says ${allowed ?? 0}: not imported. ${kept(record)}`,
  );
}

const kept = ({ packageInfo }: Migration): string => `The package ${packageInfo.id} is kept on the source.`;

async function ask({ io }: CommandContext): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stdout });
  try {
    const answer = await lines.question('Import this? Type yes to go on: ', { signal: io.signal });
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
