import type { SchemaUpdate } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { computeTableFacts, readAttribute } from './logical-tables.ts';
import { schemaRepository } from './schema.repository.ts';

export interface SchemaUpdateOrder {
  readonly projectId: string;
  readonly updates: readonly SchemaUpdate[];
  /** Wire date of the reload. */
  readonly date: string;
}

/**
 * Carries out the `updateSchema` actions of a package (spec/semantics.md 3) within a unit of work, after all objects
 * have been written: logical table sizes, table keys, and last the reload, which moves the schema version. Objects and
 * their versions stay as they are, so that neither a dump nor an undo sees anything of it.
 */
export async function updateSchema(
  tx: Executor<MetadataTables>,
  { projectId, updates, date }: SchemaUpdateOrder,
): Promise<void> {
  const repository = schemaRepository(tx);
  const isSize = updates.includes('recal_table_logical_size');
  const isKey = updates.includes('recal_table_keys_fact_entry_level');
  if (isSize || isKey) {
    const tables = await repository.listTables(projectId, null);
    const definitions = await repository.listDefinitions(projectId);
    const attributes = definitions.map(({ id, definition }) => readAttribute(id, definition));
    const facts = computeTableFacts(
      tables.map((table) => table.id),
      attributes,
    );
    for (const [tableId, { logicalSize, key }] of facts) {
      if (isSize) await repository.putLogicalSize(projectId, tableId, logicalSize);
      if (isKey) await repository.putKey(projectId, tableId, JSON.stringify(key));
    }
    await repository.removeVanished(projectId);
  }
  if (updates.includes('update_schema_logical_info')) await repository.bumpVersion(projectId, date);
}
