import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aTable, anAttribute, FOLDER, linkTo, ModelingServer } from '../builders/modeling-server.ts';

let server: ModelingServer;
beforeAll(async () => {
  server = await ModelingServer.start();
});
beforeEach(() => server.startOver());
afterAll(() => server.close());

describe('authoring objects', () => {
  it('creates a table with its physical table and columns, and an attribute on it', async () => {
    const table = await server.create('tables', aTable('LU_CITY', ['CITY_ID', 'CITY_DESC']));
    const physical = table['physicalTable'] as {
      information: { objectId: string };
      columns: { information: { objectId: string } }[];
    };
    const columnIds = physical.columns.map((column) => column.information.objectId);

    expect(table.information).toMatchObject({
      subType: 'logical_table',
      name: 'LU_CITY',
      destinationFolderId: FOLDER.tables,
      primaryLocale: 'en-US',
      dateCreated: '2026-01-15T09:30:00.000Z',
      dateModified: '2026-01-15T09:30:00.000Z',
      acg: 255,
    });
    expect(await server.usesOf(table.information.objectId)).toEqual(
      [physical.information.objectId, ...columnIds].toSorted(),
    );
    expect(await server.usesOf(physical.information.objectId)).toEqual(columnIds.toSorted());

    const attribute = await server.create('attributes', anAttribute('City', table, 'CITY_ID'));
    expect(attribute.information['destinationFolderId']).toBe(FOLDER.publicObjects);
    expect(await server.usesOf(attribute.information.objectId)).toEqual([table.information.objectId]);
    expect(await server.read('attributes', attribute.information.objectId)).toEqual(attribute);
  });

  it('gives new forms ids and names them wherever a form is meant', async () => {
    const table = await server.createTable('LU_CITY', 'CITY_ID');
    const created = await server.create('attributes', anAttribute('City', table, 'CITY_ID'));
    const [form] = created['forms'] as { id: string; expressions: { expressionId: string }[] }[];

    expect(form?.id).toBe('45C11FA478E745FEA08D781CEA190FE5');
    expect(form?.expressions[0]?.expressionId).toMatch(/^[0-9A-F]{32}$/);
    expect(created['keyForm']).toEqual({ id: form?.id, name: 'ID' });
    expect(created['displays']).toMatchObject({ reportDisplays: [{ id: form?.id, name: 'ID' }] });
    expect(created['sorts']).toEqual({ reportSorts: [{ form: { id: form?.id, name: 'ID' }, ascending: true }] });

    const again = await server.change('attributes', created.information.objectId, {
      forms: [
        { name: 'ID', category: 'ID' },
        { name: 'Code', category: 'None' },
      ],
      displays: { reportDisplays: [{ name: 'Code' }] },
    });
    const forms = again['forms'] as { id: string; name: string }[];
    expect(forms[0]?.id).toBe(form?.id);
    expect(again['displays']).toEqual({ reportDisplays: [{ id: forms[1]?.id, name: 'Code' }] });
  });

  it('takes the forms of attributes in a filter for what they are: no objects of their own', async () => {
    const attribute = await server.create('attributes', { information: { name: 'City' } });
    const form = { objectId: '45C11FA478E745FEA08D781CEA190FE5', subType: 'attribute_form_system', name: 'ID' };
    const filter = await server.create('filters', {
      information: { name: 'Near' },
      qualification: { tree: { predicateTree: { attribute: linkTo(attribute), form } } },
    });
    expect(await server.usesOf(filter.information.objectId)).toEqual([attribute.information.objectId]);
  });

  it('uses a known column again and refuses nothing for it', async () => {
    const first = await server.createTable('LU_CITY', 'CITY_ID');
    const second = await server.createTable('CITY_SALES', 'city_id');
    const columnOf = (table: typeof first) =>
      (table['physicalTable'] as { columns: { information: { objectId: string } }[] }).columns[0]?.information.objectId;

    expect(columnOf(second)).toBe(columnOf(first));
  });

  it('keeps the physical table of a table whose columns change', async () => {
    const table = await server.createTable('LU_CITY', 'CITY_ID');
    const before = (table['physicalTable'] as { information: { objectId: string } }).information.objectId;
    const changed = await server.change('tables', table.information.objectId, {
      physicalTable: {
        tableName: 'LU_CITY',
        namespace: 'dbo',
        columns: [{ columnName: 'CITY_ID' }, { columnName: 'REGION_ID' }],
      },
    });

    expect((changed['physicalTable'] as { information: { objectId: string } }).information.objectId).toBe(before);
    expect(await server.usesOf(before)).toHaveLength(2);
    expect(changed['logicalSize']).toBe(3);
  });

  it('moves version and dates with a change, and only with one', async () => {
    const created = await server.create('filters', { information: { name: 'Recent' }, qualification: { text: 'a' } });
    server.platform.clock.advanceSeconds(60);
    const same = await server.change('filters', created.information.objectId, { qualification: { text: 'a' } });
    expect(same.information).toEqual(created.information);

    const changed = await server.change('filters', created.information.objectId, { qualification: { text: 'b' } });
    expect(changed.information).toMatchObject({
      name: 'Recent',
      dateCreated: '2026-01-15T09:30:00.000Z',
      dateModified: '2026-01-15T09:31:00.000Z',
    });
    expect(changed.information.versionId).not.toBe(created.information.versionId);
    const object = (await server.call(`GET /objects/${created.information.objectId}?type=1`)).json<{
      version: string;
    }>();
    expect(object.version).toBe(changed.information.versionId);
  });

  it('puts members in the place of those of the same name, with PUT as with PATCH, and removes those that are null', async () => {
    const { information } = await server.create('metrics', {
      information: { name: 'Profit', description: 'Earned' },
      expression: { text: 'Sum(Profit)' },
      format: { values: [1] },
      comment: 'x',
    });
    const url = `/model/metrics/${information.objectId}`;
    const put = await server.call(`PUT ${url}`, {
      body: { information: { description: null }, format: { values: [2] }, comment: null },
    });

    expect(put.json()).toEqual({
      information: expect.objectContaining({ name: 'Profit' }),
      expression: { text: 'Sum(Profit)' },
      format: { values: [2] },
    });
    expect(put.json<{ information: object }>().information).not.toHaveProperty('description');
  });

  it('shows name, place and version as other calls have left them', async () => {
    const { information } = await server.create('filters', { information: { name: 'Recent' } });
    const body = { name: 'Latest', folderId: FOLDER.publicObjects };
    expect((await server.call(`PUT /objects/${information.objectId}?type=1`, { body })).statusCode).toBe(200);

    const shown = await server.read('filters', information.objectId);
    expect(shown.information).toMatchObject({ name: 'Latest', destinationFolderId: FOLDER.publicObjects });
    expect(shown.information.versionId).not.toBe(information.versionId);
  });

  it('shows and changes an object that was loaded with something else in place of its information', async () => {
    const id = 'AB'.repeat(16);
    const line = {
      kind: 'object',
      projectId: server.project,
      id,
      type: 1,
      name: 'Old',
      definition: { information: 'none' },
    };
    const body = JSON.stringify(line);
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await server.call('POST /longshore/metadata', { body, headers })).statusCode).toBe(200);

    expect((await server.read('filters', id)).information).toMatchObject({
      objectId: id,
      name: 'Old',
      subType: 'filter',
    });
    const changed = await server.change('filters', id, { information: { name: 'New' } });
    expect(Object.keys(changed)).toEqual(['information']);
    expect(Object.keys(changed.information).filter((name) => /^\d/.test(name))).toEqual([]);
  });

  it('journals what it did and moves the revision of the project', async () => {
    const { information } = await server.create('filters', { information: { name: 'Recent' } });
    await server.change('filters', information.objectId, {
      information: { destinationFolderId: FOLDER.publicObjects },
    });
    const entries = await server.platform.metadata.reader
      .selectFrom('journal_entry as e')
      .innerJoin('journal_transaction as t', 't.id', 'e.transaction_id')
      .select(['t.kind', 'e.change', 'e.version_after'])
      .where('e.object_id', '=', information.objectId)
      .orderBy('t.id')
      .execute();

    expect(entries.map((entry) => [entry.kind, entry.change])).toEqual([
      ['model', 'create'],
      ['model', 'move'],
    ]);
    expect(entries[0]?.version_after).toBe(information.versionId);
  });

  it('lets an object inherit from its folder, and shows its list on demand', async () => {
    const { information } = await server.create('filters', { information: { name: 'Recent' } });
    const shown = await server.read(`filters`, `${information.objectId}?showFields=acl`);

    expect(information).not.toHaveProperty('acl');
    expect(shown.information['acl']).toMatchObject({
      C82C6B1011D2894CC0009D9F29718E4F: { granted: 199, denied: 0, subType: 'user_group', inheritable: false },
      '54F3D26011D2896560009A8E67019608': { granted: 255, subType: 'user' },
    });
  });

  it('lists tables by page, with the fields that are asked for, and hierarchies by reference', async () => {
    for (const name of ['C', 'A', 'B']) await server.createTable(name, `${name}_ID`);
    const page = await server.call('GET /model/tables?offset=1&limit=1');
    expect(page.json()).toMatchObject({ offset: 1, limit: 1, total: 3, tables: [{ information: { name: 'B' } }] });

    const fields = await server.call('GET /model/tables?fields=physicalTable');
    expect(fields.json<{ tables: object[] }>().tables.map((table) => Object.keys(table))).toEqual([
      ['physicalTable'],
      ['physicalTable'],
      ['physicalTable'],
    ]);

    const hierarchy = await server.create('hierarchies', { information: { name: 'Time' }, attributes: [] });
    expect((await server.call('GET /model/hierarchies')).json()).toEqual({
      offset: 0,
      limit: -1,
      total: 1,
      hierarchies: [{ objectId: hierarchy.information.objectId, subType: 'dimension_user', name: 'Time' }],
    });
  });

  it('writes a relationship into both attributes, and takes it out of both', async () => {
    const table = await server.create('tables', aTable('LU', ['A', 'B']));
    const parent = await server.create('attributes', anAttribute('Region', table, 'A'));
    const child = await server.create('attributes', anAttribute('City', table, 'B'));
    const relationship = {
      parent: linkTo(parent),
      child: linkTo(child),
      relationshipTable: linkTo(table),
      relationshipType: 'one_to_many',
    };
    const urlOf = (model: typeof parent) =>
      `/model/systemHierarchy/attributes/${model.information.objectId}/relationships`;
    const put = await server.call(`PUT ${urlOf(parent)}`, { body: { relationships: [relationship] } });
    expect(put.json()).toEqual({ relationships: [relationship] });
    expect((await server.call(`GET ${urlOf(child)}`)).json()).toEqual({ relationships: [relationship] });
    expect(await server.usesOf(child.information.objectId)).toContain(parent.information.objectId);

    await server.call(`PUT ${urlOf(child)}`, { body: { relationships: [] } });
    expect((await server.call(`GET ${urlOf(parent)}`)).json()).toEqual({ relationships: [] });
    expect(await server.usesOf(child.information.objectId)).not.toContain(parent.information.objectId);
  });
});

describe('resources', () => {
  const RESOURCES: readonly (readonly [resource: string, subType: string])[] = [
    ['facts', 'fact'],
    ['transformations', 'role_transformation'],
    ['metrics', 'metric'],
    ['subtotals', 'metric_subtotal'],
    ['formulas', 'agg_metric'],
    ['filters', 'filter'],
    ['customGroups', 'custom_group'],
    ['securityFilters', 'md_security_filter'],
    ['prompts', 'prompt_string'],
    ['consolidations', 'consolidation'],
    ['derivedElements', 'consolidation_element'],
    ['drillMaps', 'drill_map'],
    ['reports', 'report_grid'],
    ['cubes', 'report_cube'],
    ['datamarts', 'report_datamart'],
    ['incrementalRefresh', 'report_incremental_refresh'],
    ['transactionReports', 'report_transaction'],
  ];

  it.each(RESOURCES)('%s are created, read, changed and found as objects', async (resource, subType) => {
    const created = await server.create(resource, { information: { name: 'One', subType }, body: { deep: [1, null] } });
    expect(created.information['subType']).toBe(subType);
    const changed = await server.change(resource, created.information.objectId, { body: { deep: [2] } });
    expect(changed['body']).toEqual({ deep: [2] });
    expect(await server.read(resource, created.information.objectId)).toEqual(changed);
  });

  it('does not show an object under a resource that it does not belong to', async () => {
    const { information } = await server.create('customGroups', { information: { name: 'Buckets' } });
    const response = await server.call(`GET /model/filters/${information.objectId}`);

    expect(response.statusCode).toBe(404);
    expect(response.json<{ message: string }>().message).toContain(information.objectId);
  });
});
