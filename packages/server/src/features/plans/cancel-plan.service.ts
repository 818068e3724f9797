import type { Caller } from '../../platform/http/access.ts';
import { stateRefusal } from '../migrations/record-state.ts';
import type { PlanDeps } from './plan-deps.ts';
import { findPlan } from './read-plans.service.ts';

/**
 * Use case: end a plan that waits or is being made. It has failed at once, whoever makes it; that one finds out by
 * itself and gives up. Nothing of it is kept but its message.
 * @throws AppError `notFound`, `missingPrivilege`; `invalid` when it has ended by itself
 */
export async function cancelPlan(
  { platform, keeper, runner }: Pick<PlanDeps, 'platform' | 'keeper' | 'runner'>,
  id: string,
  caller: Caller,
): Promise<void> {
  const plan = await findPlan({ platform }, id, caller);
  if (await keeper.cancel(plan.id, caller.user.name)) return runner.stop(plan.id);
  const { status } = await findPlan({ platform }, id, caller);
  throw stateRefusal({ field: 'status', value: status, why: 'The plan has ended; there is nothing to cancel.' });
}
