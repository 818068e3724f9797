import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import {
  aFolderLine,
  aLine,
  aMetricLine,
  aProjectLine,
  aUserLine,
  EVERYONE,
  grant,
  idOf,
  inheritable,
  PROJECT_ID,
  usesDefinition,
} from '../builders/objects.ts';

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aUserLine('Ann'),
    aLine({ name: 'Everyone', id: EVERYONE, type: 34, subtype: 8705, projectId: null }),
    aFolderLine('Metrics', { acl: [grant(EVERYONE, 221), inheritable(grant(EVERYONE, 69))] }),
    aFolderLine('Sales', { parentId: idOf('Metrics') }),
    aFolderLine('Empty'),
    aMetricLine('Revenue', [], { parentId: idOf('Sales'), translations: { '1:0:': { 1031: 'Umsatz' } } }),
    aMetricLine('Profit', ['Revenue'], { parentId: idOf('Sales'), description: 'net' }),
    aMetricLine('Margin', ['Profit', 'Margin'], { parentId: idOf('Metrics') }),
  ]);
});
afterAll(() => api.close());

type Detail = Record<string, unknown> & { id: string; version: string; dateModified: string; acl: object[] };
const object = (name: string, type = 4, more: Partial<CallOptions> = {}) =>
  api.call({ url: `/objects/${idOf(name)}?type=${type}`, projectId: PROJECT_ID, ...more });
const put = (name: string, body: object, more: Partial<CallOptions> & { type?: number } = {}) =>
  object(name, more.type ?? 4, { method: 'PUT', body, ...more });

describe('an object', () => {
  it('is shown with its folders, nearest first, and every field that clients need', async () => {
    const response = await object('Revenue');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      id: idOf('Revenue'),
      name: 'Revenue',
      type: 4,
      subtype: 1024,
      acg: 255,
      owner: { id: WELL_KNOWN.administrator },
      projectId: PROJECT_ID,
      ancestors: [
        { id: idOf('Sales'), name: 'Sales', level: 1 },
        { id: idOf('Metrics'), name: 'Metrics', level: 2 },
        { id: WELL_KNOWN.projectRoot, name: 'Tutorial', level: 3 },
      ],
    });
    expect(response.json<Detail>().acl[1]).toEqual({
      deny: false,
      type: 1,
      rights: 199,
      trusteeId: EVERYONE,
      trusteeName: 'Everyone',
      trusteeType: 34,
      trusteeSubtype: 8705,
      inheritable: false,
    });
    expect(JSON.stringify(response.json())).not.toContain('null');
  });

  it('is found by a subtype, by an id in any case, and in the configuration with the project header too', async () => {
    expect((await object('Revenue', 1024)).statusCode).toBe(200);
    const lower = await api.call({ url: `/objects/${idOf('Revenue').toLowerCase()}?type=4`, projectId: PROJECT_ID });
    expect(lower.statusCode).toBe(200);
    expect((await object('Ann', 34)).json()).toMatchObject({ name: 'Ann', abbreviation: 'ann' });
    expect((await api.call({ url: `/objects/${idOf('Revenue')}?type=4` })).statusCode).toBe(404);
  });

  it('that is not there is no missing endpoint', async () => {
    for (const response of [await object('Gone'), await object('Revenue', 12), await object('Revenue', 250)]) {
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({
        code: 'ERR004',
        message: expect.stringContaining('is not found') as string,
      });
    }
    expect((await api.call({ url: `/objects/nonsense?type=4`, projectId: PROJECT_ID })).statusCode).toBe(404);
    expect((await api.call({ url: `/objects/${idOf('Revenue')}`, projectId: PROJECT_ID })).statusCode).toBe(400);
  });

  it('selects fields', async () => {
    const response = await api.call({
      url: `/objects/${idOf('Revenue')}?type=4&fields=id,name`,
      projectId: PROJECT_ID,
    });
    expect(response.json()).toEqual({ id: idOf('Revenue'), name: 'Revenue' });
  });
});

const usesOf = (id: string) =>
  api.platform.metadata.reader.selectFrom('object_reference').selectAll().where('from_id', '=', id).execute();

describe('changing an object', () => {
  it('gives it a new version and date, and only then', async () => {
    const before = (await object('Revenue')).json<Detail>();
    api.platform.clock.advanceSeconds(60);
    const same = await put('Revenue', { name: 'Revenue', hidden: false });
    expect(same.json<Detail>().version).toBe(before.version);
    const after = (await put('Revenue', { description: 'gross', abbreviation: 'rev', hidden: true })).json<Detail>();
    expect(after).toMatchObject({ description: 'gross', abbreviation: 'rev', hidden: true, name: 'Revenue' });
    expect(after.version).not.toBe(before.version);
    expect(after.dateModified > before.dateModified).toBe(true);
    expect((await object('Revenue')).json()).toEqual(after);
  });

  it('keeps a long description with the definition', async () => {
    const before = await usesOf(idOf('Profit'));
    expect(before).toHaveLength(1);
    const response = await put('Profit', { comments: 'What is left.', changeJournal: { userComments: 'explained' } });
    expect(response.json()).toMatchObject({ comments: 'What is left.' });
    expect((await put('Profit', { longDescription: '' })).json()).not.toHaveProperty('comments');
    expect(await usesOf(idOf('Profit'))).toEqual(before);
    const journal = await api.call({ url: '/longshore/journal?limit=2' });
    expect(journal.json<{ data: { comment?: string }[] }>().data[1]?.comment).toBe('explained');
  });

  it('moves it, but no folder into itself and nothing onto a namesake', async () => {
    const moved = await put('Margin', { folderId: idOf('Sales') });
    expect(moved.json<{ ancestors: object[] }>().ancestors[0]).toMatchObject({ id: idOf('Sales') });
    const intoItself = await put('Metrics', { folderId: idOf('Sales') }, { type: 8 });
    expect([intoItself.statusCode, intoItself.json<{ code: string }>().code]).toEqual([400, 'ERR006']);
    const nowhere = await put('Margin', { folderId: idOf('Gone') });
    expect(nowhere.statusCode).toBe(400);
    const namesake = await put('Margin', { name: 'PROFIT' });
    expect([namesake.statusCode, namesake.json<{ code: string }>().code]).toEqual([409, 'ERR015']);
    const blank = await put('Margin', { name: '  ' });
    expect(blank.statusCode).toBe(400);
    const predefined = await api.call({
      method: 'PUT',
      url: `/objects/${WELL_KNOWN.publicObjects}?type=8`,
      projectId: PROJECT_ID,
      body: { folderId: idOf('Empty') },
    });
    expect(predefined.statusCode).toBe(400);
  });

  it('changes the owner, and leaves logins to the users', async () => {
    const owned = await put('Profit', { ownerId: idOf('Ann') });
    expect(owned.json()).toMatchObject({ owner: { id: idOf('Ann'), name: 'Ann' } });
    expect((await put('Profit', { ownerId: EVERYONE })).statusCode).toBe(400);
    expect((await put('Ann', { name: 'Administrator' }, { type: 34 })).statusCode).toBe(400);
  });
});

const rightsOf = (detail: Detail, trusteeId: string, isInheritable = false) =>
  (detail.acl as { trusteeId: string; inheritable: boolean; rights: number; deny: boolean }[])
    .filter((entry) => entry.trusteeId === trusteeId && entry.inheritable === isInheritable)
    .map((entry) => (entry.deny ? -entry.rights : entry.rights));

const changeRights = async (op: string, rights: number, denied = false) =>
  rightsOf(
    (await put('Margin', { acl: [{ op, trustee: idOf('Ann'), rights, denied, type: 1 }] })).json<Detail>(),
    idOf('Ann'),
  );

describe('the access control list', () => {
  it('takes ADD, REPLACE and REMOVE in any letter case', async () => {
    expect(await changeRights('add', 5)).toEqual([5]);
    expect(await changeRights('ADD', 8)).toEqual([13]);
    expect(await changeRights('Remove', 5)).toEqual([8]);
    expect(await changeRights('REPLACE', 199)).toEqual([199]);
    expect(await changeRights('ADD', 32, true)).toEqual([199, -32]);
    expect(await changeRights('REMOVE', 255, true)).toEqual([199]);
    expect(await changeRights('REMOVE', 255)).toEqual([]);
  });

  it('refuses what makes no sense', async () => {
    const entry = { op: 'ADD', trustee: idOf('Ann'), rights: 5 };
    for (const bad of [{ op: 'GIVE' }, { trustee: idOf('Nobody') }, { trustee: 'ann' }, { rights: 256 }]) {
      expect((await put('Margin', { acl: [{ ...entry, ...bad }] })).statusCode).toBe(400);
    }
  });

  it('hands a folder over to what lies in it, as far down as asked', async () => {
    const acl = [{ op: 'ADD', trustee: idOf('Ann'), rights: 69 + 536870912 }];
    const folder = await put('Metrics', { acl, propagateACLToChildren: true }, { type: 8 });
    expect(rightsOf(folder.json<Detail>(), idOf('Ann'), true)).toEqual([69]);
    const sales = (await object('Sales', 8)).json<Detail>();
    expect([rightsOf(sales, idOf('Ann')), rightsOf(sales, idOf('Ann'), true)]).toEqual([[69], [69]]);
    const revenue = (await object('Revenue')).json<Detail>();
    expect([rightsOf(revenue, idOf('Ann')), rightsOf(revenue, EVERYONE)]).toEqual([[69], [69]]);
    const precise = { acl: [{ op: 'ADD', trustee: idOf('Ann'), rights: 128, inheritable: true }] };
    const behavior = { propagateACLToChildren: true, propagationBehavior: 'precise_children' };
    await put('Metrics', { ...precise, ...behavior }, { type: 8 });
    expect(rightsOf((await object('Sales', 8)).json<Detail>(), idOf('Ann'))).toEqual([197]);
    expect(rightsOf((await object('Revenue')).json<Detail>(), idOf('Ann'))).toEqual([69]);
    expect((await put('Revenue', { acl, propagateACLToChildren: true })).statusCode).toBe(400);
  });
});

describe('copying', () => {
  it('makes an object of its own that inherits from its folder and uses what the original uses', async () => {
    const copy = async (name: string, body?: object) =>
      api.call({
        method: 'POST',
        url: `/objects/${idOf(name)}/copy?type=4`,
        projectId: PROJECT_ID,
        ...(body === undefined ? {} : { body }),
      });
    const first = (await copy('Margin')).json<Detail>();
    expect(first).toMatchObject({ name: 'Margin (1)', owner: { id: WELL_KNOWN.administrator } });
    expect((await copy('Margin')).json()).toMatchObject({ name: 'Margin (2)' });
    const elsewhere = await copy('Margin', { name: 'Margin', folderId: idOf('Empty') });
    expect(elsewhere.json<{ ancestors: object[] }>().ancestors[0]).toMatchObject({ id: idOf('Empty') });
    expect((await copy('Margin', { name: 'margin', folderId: idOf('Empty') })).statusCode).toBe(409);
    expect((await usesOf(first.id)).map((edge) => edge.to_id)).toEqual([idOf('Profit')]);
    const folder = await api.call({
      method: 'POST',
      url: `/objects/${idOf('Sales')}/copy?type=8`,
      projectId: PROJECT_ID,
    });
    expect(folder.statusCode).toBe(400);
  });
});

const certify = (yes: boolean) =>
  object('Profit', 4, {
    method: 'PUT',
    url: `/objects/${idOf('Profit')}/certify/?type=4&certify=${yes ? 'True' : 'False'}`,
  });

describe('certifying', () => {
  it('holds for the version that was certified', async () => {
    expect((await certify(true)).json()).toMatchObject({
      certifiedInfo: { certified: true, certifier: { name: 'Administrator' } },
    });
    expect((await certify(false)).json()).toMatchObject({ certifiedInfo: { certified: false } });
    await certify(true);
    expect((await put('Profit', { description: 'changed' })).json()).toMatchObject({
      certifiedInfo: { certified: false },
    });
  });
});

const url = () => `/objects/metric/${idOf('Revenue')}/translations`;
const path = '/localesAndTranslations/1:0:/translationValues';
const patch = (operationList: object[], more: Partial<CallOptions> = {}) =>
  api.call({ method: 'PATCH', url: url(), projectId: PROJECT_ID, body: { operationList }, ...more });

describe('translations', () => {
  it('are read, added, replaced and removed', async () => {
    const before = await api.call({ url: url(), projectId: PROJECT_ID });
    expect(before.json()).toMatchObject({
      defaultLanguage: 'en',
      localesAndTranslations: {
        '1:0:': {
          translationTargetName: 'Object Name ',
          translationValues: { 1031: { translation: 'Umsatz' }, 1033: { translation: 'Revenue' } },
        },
      },
    });
    const after = await patch([
      { op: 'add', path, value: { 1036: { translation: 'Ventes' }, 1034: { translation: 'Ingresos' } } },
      { op: 'REPLACE', path: `${path}/1031/translation`, value: 'Erlös' },
      { op: 'remove', path: `${path}/1034` },
      { op: 'add', path: '/localesAndTranslations/1:2:/translationValues', value: { 1031: { translation: 'brutto' } } },
    ]);
    expect(after.statusCode).toBe(200);
    const { localesAndTranslations } = after.json<{
      localesAndTranslations: Record<string, { translationValues: object }>;
    }>();
    expect(localesAndTranslations['1:0:']?.translationValues).toEqual({
      1031: { translation: 'Erlös' },
      1036: { translation: 'Ventes' },
      1033: { translation: 'Revenue' },
    });
    expect((await api.call({ url: url(), projectId: PROJECT_ID })).json()).toEqual(after.json());
  });

  it('change the object itself in its own language, all operations or none', async () => {
    const version = (await object('Revenue')).json<Detail>().version;
    const refused = await patch([
      { op: 'replace', path: `${path}/1033/translation`, value: 'Renamed' },
      { op: 'jump', path: `${path}/1031`, value: 'x' },
    ]);
    expect([refused.statusCode, (await object('Revenue')).json<Detail>().version]).toEqual([400, version]);
    await patch([{ op: 'replace', path: `${path}/1033/translation`, value: 'Net Revenue' }]);
    expect((await object('Revenue')).json()).toMatchObject({ name: 'Net Revenue' });
    expect((await patch([{ op: 'replace', path: `${path}/1033/translation`, value: 'Profit' }])).statusCode).toBe(409);
    expect((await patch([], {})).statusCode).toBe(400);
  });
});

const remove = (name: string, type = 4, more: Partial<CallOptions> = {}) =>
  object(name, type, { method: 'DELETE', ...more });

describe('deleting', () => {
  it('is refused while something uses the object, naming what does', async () => {
    const response = await remove('Profit');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: 'ERR006',
      message: expect.stringContaining(`'Profit' (${idOf('Profit')}) cannot be deleted: 4 object(s) use it`) as string,
    });
    const { subErrors } = response.json<{ subErrors: { additionalProperties: { objectName: string } }[] }>();
    expect(subErrors.map((error) => error.additionalProperties.objectName)).toContain('Margin');
  });

  it('does not tell about users that the caller may not see', async () => {
    await api.load([
      aMetricLine('Cost', [], { acl: [grant(EVERYONE, 255)] }),
      aMetricLine('Hidden', ['Cost'], { acl: [grant(WELL_KNOWN.administrator, 255)] }),
    ]);
    const response = await remove('Cost', 4, { as: aCaller() });
    expect(response.statusCode).toBe(400);
    expect(response.body).not.toContain('Hidden');
    expect(response.json<{ message: string }>().message).toContain('1 object(s) use it.');
  });

  it('leaves filled folders and system objects alone', async () => {
    expect((await remove('Sales', 8)).statusCode).toBe(400);
    expect(
      (await api.call({ method: 'DELETE', url: `/folders/${idOf('Sales')}`, projectId: PROJECT_ID })).statusCode,
    ).toBe(400);
    const root = { method: 'DELETE', projectId: PROJECT_ID } as const;
    expect((await api.call({ ...root, url: `/objects/${WELL_KNOWN.projectRoot}?type=8` })).statusCode).toBe(400);
    expect((await remove('Ann', 34)).statusCode).toBe(400);
    expect((await api.call({ ...root, url: `/objects/${PROJECT_ID}?type=32` })).statusCode).toBe(400);
  });

  it('in bulk takes users along, all objects or none', async () => {
    const bulk = (names: readonly (readonly [string, number])[]) =>
      api.call({
        method: 'DELETE',
        url: '/objects',
        projectId: PROJECT_ID,
        body: names.map(([name, type]) => ({ id: idOf(name), type })),
      });
    await api.load([
      aFolderLine('Bulk'),
      aMetricLine('B1', [], { parentId: idOf('Bulk') }),
      aMetricLine('B2', ['B1'], { parentId: idOf('Bulk') }),
    ]);
    const before = await api.dump();
    expect(
      (
        await bulk([
          ['B1', 4],
          ['Bulk', 8],
        ])
      ).statusCode,
    ).toBe(400);
    expect(
      (
        await bulk([
          ['B1', 4],
          ['Gone', 4],
        ])
      ).statusCode,
    ).toBe(404);
    expect(await api.dump()).toBe(before);
    const deleted = await bulk([
      ['Bulk', 8],
      ['B1', 4],
      ['B2', 4],
      ['B2', 4],
    ]);
    expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
    expect((await object('B1')).statusCode).toBe(404);
    expect(await usesOf(idOf('B2'))).toEqual([]);
  });

  it('of a configuration object looks into every project', async () => {
    const source = { type: 29, projectId: null };
    await api.load([
      aLine({ name: 'Warehouse', ...source }),
      aLine({ name: 'Table', type: 15, definition: usesDefinition(['Warehouse']) }),
    ]);
    const response = await remove('Warehouse', 29);
    expect(response.statusCode).toBe(400);
    expect(response.json<{ message: string }>().message).toContain("'Table'");
    expect((await remove('Table', 15)).statusCode).toBe(204);
    expect((await remove('Warehouse', 29)).statusCode).toBe(204);
  });
});
