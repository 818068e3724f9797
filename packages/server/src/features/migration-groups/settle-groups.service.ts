import { wireDate } from '../../platform/clock.ts';
import type { Platform } from '../../platform/platform.ts';
import { restInterrupted } from './group-steps.ts';
import { groupRepository } from './migration-groups.repository.ts';

/**
 * Use case, at start and after single migrations have been settled: brings every group that was under way to rest.
 * Members that were reached say themselves how far they came; they can be built, imported or undone again.
 */
export async function settleGroups(deps: { readonly platform: Platform }): Promise<void> {
  const { platform } = deps;
  const now = wireDate(platform.clock.now());
  const working = await groupRepository(platform.library.reader).loadWorking();
  if (working.length === 0) return;
  await platform.library.write(async (tx) => {
    for (const group of working) await restInterrupted(tx, group, { by: 'a restart of the server', now });
  });
  for (const { record } of working) {
    platform.log.warn({ packageGroupId: record.packageGroupId, work: record.work }, 'Interrupted group settled');
  }
}
