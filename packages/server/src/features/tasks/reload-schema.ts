import type { SchemaUpdate } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { updateSchema } from '../schema/schema-update.ts';

/** What is to be brought up to date, and for whom. */
export interface ReloadOrder {
  readonly projectId: string;
  readonly updates: readonly SchemaUpdate[];
  readonly user: { readonly id: string; readonly name: string };
}

/**
 * Brings the schema of a project up to date, in one unit of work.
 * @param confirm last thing in it: when it throws, nothing was done
 * @throws AppError `busy` when others held the lock for too long
 */
export async function reloadSchema(
  platform: Pick<Platform, 'metadata' | 'clock'>,
  { projectId, updates, user }: ReloadOrder,
  confirm: (tx: Executor<MetadataTables>) => Promise<void> = async () => undefined,
): Promise<void> {
  await platform.metadata.write(async (tx) => {
    const date = wireDateOfSecond(platform.clock.now());
    await updateSchema(tx, { projectId, updates, date });
    await journalWriter(tx).record({ kind: 'reload-schema', user, date, summary: { projectId, updates }, entries: [] });
    await objectWriter(tx).bumpRevision(projectId);
    await confirm(tx);
  }, projectId);
}
