import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateSchema } from '../../packages/server/src/features/schema/schema-update.ts';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import { aLine, aProjectLine, idOf, PROJECT_ID } from '../builders/objects.ts';

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([aProjectLine()]);
});
afterAll(() => api.close());

const at = (url: string, more: Partial<CallOptions> = {}) => api.call({ url, projectId: PROJECT_ID, ...more });

const table = (name: string) => aLine({ name, type: 15 });
const attribute = (name: string, tables: readonly string[], parent?: string) =>
  aLine({
    name,
    type: 12,
    definition: {
      forms: [{ expressions: [{ tables: tables.map((each) => ({ objectId: idOf(each) })) }] }],
      relationships:
        parent === undefined ? [] : [{ parent: { objectId: idOf(parent) }, child: { objectId: idOf(name) } }],
    },
  });
const state = async (as = aCaller()) => {
  const response = await at(`/longshore/schema?projectId=${PROJECT_ID}`, { as });
  return response.json<{ schemaVersion: number; reloadedAt?: string; tables: Record<string, unknown>[] }>();
};
const update = (updates: Parameters<typeof updateSchema>[1]['updates']) =>
  api.platform.metadata.write((tx) =>
    updateSchema(tx, { projectId: PROJECT_ID, updates, date: '2026-02-01T00:00:00.000+0000' }),
  );

describe('the schema state', () => {
  it('changes with each action by itself, and never shows in a dump', async () => {
    await api.load([table('T1'), table('T2'), attribute('Year', ['T1', 'T2']), attribute('Month', ['T2'], 'Year')]);
    const before = await api.dump();
    const bare = { id: idOf('T1'), name: 'T1' };
    expect(await state()).toMatchObject({ schemaVersion: 1, tables: [bare, { id: idOf('T2') }] });
    await update(['recal_table_logical_size']);
    expect((await state()).tables).toEqual([
      { ...bare, logicalSize: 5 },
      { id: idOf('T2'), name: 'T2', logicalSize: 15 },
    ]);
    await update(['recal_table_keys_fact_entry_level']);
    expect((await state()).tables[1]).toEqual({ id: idOf('T2'), name: 'T2', logicalSize: 15, key: [idOf('Month')] });
    await update(['update_schema_logical_info']);
    await update(['update_schema_logical_info']);
    expect(await state()).toMatchObject({ schemaVersion: 3, reloadedAt: '2026-02-01T00:00:00.000+0000' });
    expect(await api.dump()).toBe(before);
  });

  it('is taken back with the unit of work, and forgets tables that are gone', async () => {
    const before = await state();
    const failing = api.platform.metadata.write(async (tx) => {
      await updateSchema(tx, {
        projectId: PROJECT_ID,
        updates: ['recal_table_logical_size', 'update_schema_logical_info'],
        date: '2030-01-01T00:00:00.000+0000',
      });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await state()).toEqual(before);
    await at('/objects', {
      method: 'DELETE',
      body: ['T1', 'Year', 'Month'].map((name) => ({ id: idOf(name), type: name === 'T1' ? 15 : 12 })),
    });
    await update(['recal_table_logical_size', 'recal_table_keys_fact_entry_level']);
    const rows = await api.platform.metadata.reader.selectFrom('table_state').selectAll().execute();
    expect(rows).toEqual([{ project_id: PROJECT_ID, table_id: idOf('T2'), logical_size: 0, table_key: '[]' }]);
  });
});
