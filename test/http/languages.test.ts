import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, ModelingServer } from '../builders/modeling-server.ts';

interface Language {
  readonly id: string;
  readonly name: string;
  readonly lcid: number;
}

let server: ModelingServer;
let visitor: string;

beforeAll(async () => {
  server = await ModelingServer.start();
  const body = { username: 'visitor', fullName: 'Visitor', password: 'secret' };
  expectStatus(await server.call('POST /users', { body, project: false }), 201);
  visitor = await server.login('visitor', 'secret');
});
afterAll(() => server.close());

const call = (request: string, body?: object, token?: string) =>
  server.call(request, {
    project: false,
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
  });
const add = async (name: string, baseLanguageLcid: number): Promise<Language> =>
  expectStatus(await call('POST /languages', { name, baseLanguageLcid }), 201).json<Language>();
const operation = (op: string, path: string, value?: unknown) => ({
  operationList: [{ op, path, ...(value === undefined ? {} : { value }) }],
});

describe('a language of an environment', () => {
  it('is added with the number of its base, or one of its own where that is taken', async () => {
    const german = await add('German', 1031);
    expect(german).toMatchObject({ name: 'German', lcid: 1031, baseLangLcid: 1031, owner: { name: 'Administrator' } });
    const formal = await add('German, formal', 1031);
    expect(formal).toMatchObject({ baseLangLcid: 1031, lcid: 1031 + 65536 });
    expect(await add('German, formal, longer', formal.lcid)).toMatchObject({ baseLangLcid: formal.lcid });
    const { languages } = (await call('GET /languages')).json<{ languages: Language[] }>();
    expect(languages.map(({ id }) => id)).toEqual(expect.arrayContaining([german.id, formal.id]));
    // It is an object like others: it can be packed, and is seen by everyone.
    const object = await call(`GET /objects/${german.id}?type=45`, undefined, visitor);
    expect(object.json()).toMatchObject({ name: 'German', type: 45, acg: 199 });
  });

  it('is changed and deleted', async () => {
    const { id } = await add('Dutsch', 1043);
    const ui = 'A'.repeat(32);
    expect((await call(`PATCH /languages/${id}`, operation('replace', '/name', 'Dutch'))).json()).toMatchObject({
      name: 'Dutch',
    });
    const dressed = await call(`PATCH /languages/${id}`, operation('replace', '/interfaceLanguage', ui.toLowerCase()));
    expect(dressed.json()).toMatchObject({ interfaceLanguage: { id: ui, name: ui }, lcid: 1043 });
    const bare = await call(`PATCH /languages/${id}`, operation('remove', '/interfaceLanguage', ui));
    expect(bare.json()).not.toHaveProperty('interfaceLanguage');
    expect((await call(`DELETE /objects/${id}?type=45`)).statusCode).toBe(204);
    expect((await call(`GET /languages/${id}`)).statusCode).toBe(404);
  });

  it('says how dates are written, and is told otherwise', async () => {
    const { id } = await add('Italian', 1040);
    const path = `/languages/${id}/formattingSettings`;
    const usual = (await call(`GET ${path}`)).json<{ formattingSettings: { timeInterval: Record<string, string> } }>();
    expect(usual.formattingSettings.timeInterval).toMatchObject({ hourOfDay: 'h:mm AM/PM', day: 'M/d', year: 'yyyy' });
    const changed = await call(`PATCH ${path}`, operation('replace', '/formattingSettings/timeInterval/day', 'd/M'));
    const { timeInterval } = usual.formattingSettings;
    expect(changed.json()).toEqual({ formattingSettings: { timeInterval: { ...timeInterval, day: 'd/M' } } });
    expect((await call(`GET ${path}`)).json()).toEqual(changed.json());
    expect((await call(`GET /languages/${id}`)).json()).toMatchObject({ lcid: 1040 });
  });

  it('is journalled', async () => {
    const { id } = await add('Danish', 1030);
    await call(`PATCH /languages/${id}`, operation('replace', '/description', 'of Denmark'));
    const page = await call(`GET /longshore/journal?objectId=${id}`);
    expect(page.json()).toMatchObject({ data: [{ kind: 'update' }, { kind: 'create' }] });
  });
});

describe('a language that cannot be', () => {
  it.each([
    ['a base that is no language', { name: 'X', baseLanguageLcid: 77 }, 'baseLanguageLcid'],
    ['no base', { name: 'X' }, 'baseLanguageLcid'],
    ['no name', { name: ' ', baseLanguageLcid: 1033 }, 'name'],
    [
      'an interface language that is none',
      { name: 'X', baseLanguageLcid: 1033, interfaceLanguageId: 'x' },
      'interfaceLanguageId',
    ],
  ])('%s', async (_what, body, text) => {
    const refused = await call('POST /languages', body);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([400, 'ERR006']);
    expect(refused.json<{ message: string }>().message).toContain(text);
  });

  it('a name that is taken, a change of nothing or of what is not there', async () => {
    const { id } = await add('Finnish', 1035);
    expect((await call('POST /languages', { name: 'finnish', baseLanguageLcid: 1035 })).statusCode).toBe(409);
    for (const body of [{ operationList: [] }, operation('replace', '/lcid', 1), operation('replace', '/name', '')]) {
      expect((await call(`PATCH /languages/${id}`, body)).statusCode).toBe(400);
    }
    const format = operation('replace', '/formattingSettings/timeInterval/century', 'y');
    expect((await call(`PATCH /languages/${id}/formattingSettings`, format)).statusCode).toBe(400);
    const nothing = 'B'.repeat(32);
    expect((await call(`PATCH /languages/${nothing}`, operation('replace', '/name', 'X'))).statusCode).toBe(404);
    expect((await call(`GET /languages/${nothing}/formattingSettings`)).statusCode).toBe(404);
  });

  it('for a user without the privilege or the right', async () => {
    const { id } = await add('Greek', 1033);
    const made = await call('POST /languages', { name: 'Mine', baseLanguageLcid: 1033 }, visitor);
    expect(made.json()).toMatchObject({
      code: 'ERR014',
      message: expect.stringContaining('Configure language settings'),
    });
    const changed = await call(`PATCH /languages/${id}`, operation('replace', '/name', 'Mine'), visitor);
    expect(changed.json()).toMatchObject({ code: 'ERR017' });
  });
});
