import type { SchemaUpdate } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
export async function updateSchema(
  _tx: Executor<MetadataTables>,
  _projectId: string,
  _input: { updates: readonly SchemaUpdate[]; now: string },
): Promise<void> {}
