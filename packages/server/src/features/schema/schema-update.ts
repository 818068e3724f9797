import type { SchemaUpdate } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { computeTableFacts, readAttribute, type MappedAttribute } from './logical-tables.ts';
import { SCHEMA_TYPE, schemaRepository } from './schema.repository.ts';

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
    const tableIds = await repository.listIds(projectId, SCHEMA_TYPE.table);
    const facts = [...computeTableFacts(tableIds, await readAttributes(repository, projectId))];
    if (isSize) {
      const sizes = new Map(facts.map(([tableId, { logicalSize }]) => [tableId, logicalSize]));
      await repository.put(projectId, 'logical_size', sizes);
    }
    if (isKey) {
      const keys = new Map(facts.map(([tableId, { key }]) => [tableId, JSON.stringify(key)]));
      await repository.put(projectId, 'table_key', keys);
    }
    await repository.removeVanished(projectId);
  }
  if (updates.includes('update_schema_logical_info')) await repository.bumpVersion(projectId, date);
}

/** Definitions that are in memory at a time; a large schema has more than all of them would have room. */
const BATCH = 500;

async function readAttributes(
  repository: ReturnType<typeof schemaRepository>,
  projectId: string,
): Promise<MappedAttribute[]> {
  const ids = await repository.listIds(projectId, SCHEMA_TYPE.attribute);
  const attributes: MappedAttribute[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const definitions = await repository.listDefinitions(projectId, ids.slice(start, start + BATCH));
    attributes.push(...definitions.map(({ id, definition }) => readAttribute(id, definition)));
  }
  return attributes;
}
