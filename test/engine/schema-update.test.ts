import { describe, expect, it } from 'vitest';
import { anEnvironmentPair, anObject, idOf, PROJECT, type EngineEnvironment } from './environment.ts';

const TABLE = idOf('TABLE');
const OTHER = idOf('OTHER');
const YEAR = idOf('YEAR');

const table = (id: string, fields = {}) => anObject({ id, type: 15, name: `Table ${id}`, ...fields });
const year = (...tables: string[]) =>
  anObject({
    id: YEAR,
    type: 12,
    name: 'Year',
    definition: {
      information: { objectId: YEAR },
      forms: [
        {
          id: '45C11FA478E745FEA08D781CEA190FE5',
          name: 'ID',
          expressions: [{ tables: tables.map((objectId) => ({ objectId, subType: 'logical_table' })) }],
        },
      ],
    },
  });

const sizes = async (environment: EngineEnvironment): Promise<unknown> =>
  environment.metadata.reader
    .selectFrom('table_state')
    .select(['table_id', 'logical_size', 'table_key'])
    .where('project_id', '=', PROJECT)
    .orderBy('table_id')
    .execute();

const ALL = ['recal_table_logical_size', 'recal_table_keys_fact_entry_level', 'update_schema_logical_info'] as const;

describe('the schema after an import', () => {
  it('is computed anew when the package asks for it, and comes back with the undo', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table(TABLE), year(TABLE));
    await target.put(table(OTHER));
    await target.metadata.write(async (tx) => {
      const manual = { project_id: PROJECT, table_id: OTHER, logical_size: 77, table_key: null };
      await tx.insertInto('table_state').values(manual).execute();
    });
    const before = await sizes(target);
    const made = await source.create({
      content: [{ id: YEAR, type: 12, includeDependents: true }],
      settings: { updateSchema: ALL },
    });
    const { importId } = await target.import(made);
    const after = (await sizes(target)) as { table_id: string; logical_size: number; table_key: string }[];
    expect(after.map((row) => row.table_id)).toEqual([OTHER, TABLE].toSorted());
    const computed = after.find((row) => row.table_id === TABLE);
    expect(computed?.logical_size).toBeGreaterThan(0);
    expect(computed?.table_key).toContain(YEAR);
    // A size that somebody had set by hand is overridden, as the setting says.
    expect(after.find((row) => row.table_id === OTHER)?.logical_size).not.toBe(77);

    await target.undo(made, importId);
    expect(await sizes(target)).toEqual(before);
  });

  it('is left alone by an import that does not ask for it, and by its undo', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table(TABLE));
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId } = await target.import(made);
    await target.metadata.write(async (tx) => {
      const later = { project_id: PROJECT, table_id: OTHER, logical_size: 5, table_key: null };
      await tx.insertInto('table_state').values(later).execute();
    });
    await target.undo(made, importId);
    expect(await sizes(target)).toMatchObject([{ table_id: OTHER, logical_size: 5 }]);
  });
});
