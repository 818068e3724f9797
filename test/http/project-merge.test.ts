import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGE } from '../../packages/server/src/platform/http/access.ts';
import {
  createWorld,
  TUTORIAL,
  type Answer,
  type AnswerBody,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { approved, createBody, expectStatus, put, read, YEAR, type Part } from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;
beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const FOLDER = 'D3C7D461F69C4610AA6BAA5EF51F4125';
const ANN = '0A'.repeat(16);

/** The settings of the documentation's sample, duplicates and bare words included. */
const SETTINGS = {
  updateSchema: ['recal_table_logical_size', 'recal_table_keys_fact_entry_level', 'update_schema_logical_info'],
  aclOnReplacingObjects: 'use_existing',
  aclOnNewObjects: 'keep_acl_as_source_object',
  validateDependencies: true,
  defaultAction: 'use_existing',
  folderActions: [{ id: FOLDER.toLowerCase(), action: 'use_existing' }],
  objectTypeActions: [
    { type: 1, subtype: 256, action: 'use_existing' },
    { type: 55, action: 'replace' },
    { type: 55, action: 'use_newer' },
    { type: 776, subtype: null, action: 'force_replace' },
  ],
  objectActions: [{ id: YEAR, objectType: 12, action: 'replace' }],
  translationAction: 'existing',
};

const merge = (settings: Part | null = SETTINGS, more: Part = {}): Part => ({
  purpose: 'project_merge',
  tocView: settings === null ? {} : { settings },
  ...more,
});

const security = (settings: Part = {}, entry: Part = {}): Part => ({
  type: 'project_security',
  tocView: { settings, content: [{ id: ANN, type: 34, ...entry }] },
});

const post = (packageInfo: Part, options: object = {}): Promise<Answer> =>
  source.call('POST', '/migrations', { body: createBody(target.id, packageInfo), project: TUTORIAL, ...options });

describe('a project merge', () => {
  it('is handed to the runner with its rules, and shows them as they were asked for, without a content', async () => {
    const { id } = await expectStatus(post(merge()), 201);
    expect(source.runner.jobs.at(-1)).toMatchObject({ kind: 'create', purpose: 'project_merge', content: [] });
    const shown = {
      ...SETTINGS,
      aclOnNewObjects: ['keep_acl_as_source_object'],
      folderActions: [{ id: FOLDER, action: 'use_existing' }],
      objectTypeActions: [...SETTINGS.objectTypeActions.slice(0, 3), { type: 776, action: 'force_replace' }],
    };
    const creating = await read(source, id, '?showContent=tocview');
    expect(creating.packageInfo.tocView).toEqual({ settings: shown });
    await source.runner.finishCreation();
    const created = await read(source, id, '?showContent=all');
    expect(created.packageInfo).toMatchObject({ status: 'created', type: 'project', purpose: 'project_merge' });
    expect(created.packageInfo.tocView).toEqual({ settings: shown });
  });

  it('without settings keeps what the target has, validates, and adds missing translations', async () => {
    const { id } = await expectStatus(post(merge(null, { tocView: { settings: null, content: [] } })), 201);
    await source.runner.finishCreation();
    const { packageInfo } = await read(source, id, '?showContent=all');
    expect(packageInfo.tocView?.settings).toEqual({
      updateSchema: [],
      aclOnReplacingObjects: 'use_existing',
      aclOnNewObjects: ['keep_acl_as_source_object'],
      defaultAction: 'use_existing',
      validateDependencies: true,
      translationAction: 'use_existing',
      objectTypeActions: [],
      folderActions: [],
      objectActions: [],
    });
  });

  it('is listed where its purpose is asked for, and nowhere else', async () => {
    const { id } = await approved(source, target.id, merge());
    const listed = async (query: string): Promise<boolean> =>
      (await expectStatus(source.call('GET', `/migrations${query}`), 200)).data.some((record) => record.id === id);
    expect(await listed('')).toBe(false);
    expect(await listed('?packageInfo.purpose=object_migration')).toBe(false);
    expect(await listed('?packageInfo.purpose=object_migration,project_merge')).toBe(true);
  });

  it.each([PRIVILEGE.createPackage, PRIVILEGE.applyPackage, PRIVILEGE.bypassObjectSecurity])(
    'is not for callers without privilege %i',
    async (lacking) => {
      const all = [PRIVILEGE.createPackage, PRIVILEGE.applyPackage, PRIVILEGE.bypassObjectSecurity];
      const answer = await post(merge(), { as: all.filter((privilege) => privilege !== lacking) });
      expect(answer).toMatchObject({ status: 403, body: { code: 'ERR014' } });
      expect((await post(merge(), { as: all })).status).toBe(201);
      await source.runner.finishCreation();
    },
  );

  it.each<[string, Part, string]>([
    ['a content', merge(SETTINGS, createBody('').packageInfo), 'packageInfo.tocView.content'],
    ['another type', merge(SETTINGS, { type: 'configuration' }), "packageInfo.type is 'configuration'"],
    ['no view', merge(null, { tocView: null }), 'packageInfo.tocView'],
    ['to delete by default', merge({ defaultAction: 'delete' }), "settings.defaultAction is 'delete'"],
    [
      'to delete an object',
      merge({ objectActions: [{ id: YEAR, action: 'delete' }] }),
      "objectActions[0].action is 'delete'",
    ],
    [
      'to delete what a folder holds',
      merge({ folderActions: [{ id: FOLDER, action: 'delete' }] }),
      "folderActions[0].action is 'delete'",
    ],
    [
      'to delete a type',
      merge({
        objectTypeActions: [
          { type: 4, action: 'replace' },
          { type: 3, action: 'delete' },
        ],
      }),
      "objectTypeActions[1].action is 'delete'",
    ],
    ['an id that is none', merge({ folderActions: [{ id: 'x', action: 'replace' }] }), "folderActions[0].id 'x'"],
    [
      'an object id that is none',
      merge({ objectActions: [{ id: 'x', action: 'replace' }] }),
      "objectActions[0].id 'x'",
    ],
    [
      'a type that is none',
      merge({ objectTypeActions: [{ type: 199, action: 'replace' }] }),
      'objectTypeActions[0].type is 199',
    ],
    [
      'a subtype that is none',
      merge({ objectTypeActions: [{ type: 300, action: 'replace' }] }),
      'objectTypeActions[0].type is 300',
    ],
    [
      'a subtype of another type',
      merge({ objectTypeActions: [{ type: 1, subtype: 776, action: 'replace' }] }),
      'objectTypeActions[0].subtype is 776',
    ],
    ['an unknown word', merge({ translationAction: 'merge' }), 'translationAction'],
    ['an unknown rule', merge({ objectTypeActions: [{ type: 1, action: 'merge' }] }), 'objectTypeActions'],
    ['a rule without an id', merge({ objectActions: [{ action: 'replace' }] }), 'objectActions'],
    ['validateDependencies of a text', merge({ validateDependencies: 'sometimes' }), 'validateDependencies'],
  ])('is refused with %s', async (_, packageInfo, text) => {
    const { status, body } = await post(packageInfo);
    expect(status).toBe(400);
    expect(body.code).toMatch(/ERR00[56]/);
    expect(body.message).toContain(text);
    expect(source.runner.jobs).toEqual([]);
  });
});

describe('the import of a project merge', () => {
  let body: AnswerBody;
  beforeAll(async () => {
    body = await approved(source, target.id, merge());
  });

  const withView = (change: Part): AnswerBody => {
    const { settings } = body.packageInfo.tocView ?? {};
    const tocView = { settings: { ...settings, ...change } } as AnswerBody['packageInfo']['tocView'];
    return { ...body, packageInfo: { ...body.packageInfo, ...(tocView ? { tocView } : {}) } };
  };

  it.each<[string, Part, string]>([
    ['a default rule', { defaultAction: 'replace' }, 'settings.defaultAction'],
    ['an object rule', { objectActions: [{ id: YEAR, action: 'force_replace' }] }, 'objectActions'],
    ['an object rule that is gone', { objectActions: [] }, 'objectActions'],
    ['a folder rule', { folderActions: [{ id: FOLDER, action: 'replace' }] }, 'folderActions'],
    ['a type rule', { objectTypeActions: SETTINGS.objectTypeActions.slice(0, 2) }, 'objectTypeActions'],
    ['validateDependencies', { validateDependencies: false }, 'settings.validateDependencies is false'],
    ['translationAction', { translationAction: 'replace' }, "settings.translationAction is 'replace'"],
    ['a rule that deletes', { objectActions: [{ id: YEAR, action: 'delete' }] }, "objectActions[0].action is 'delete'"],
  ])('is refused when %s was altered', async (_, change, text) => {
    const answer = await put(target, withView(change));
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(answer.body.message).toContain(text);
    expect(target.runner.jobs).toEqual([]);
  });

  it('is refused with a content, and as another kind of package', async () => {
    const content = [{ id: YEAR, type: 12 }];
    const listed = { ...body, packageInfo: { ...body.packageInfo, tocView: { content } } };
    expect((await put(target, listed)).body.message).toContain('packageInfo.tocView.content');
    const other = { ...body, packageInfo: { ...body.packageInfo, purpose: 'object_migration', tocView: {} } };
    expect((await put(target, other as never)).body.message).toContain("the package is for 'project_merge'");
  });

  it('takes the word for a rule, the order of the lists, and duplicates for what they mean', async () => {
    const { objectTypeActions: types } = SETTINGS;
    const same = withView({
      translationAction: 'use_existing',
      objectTypeActions: [types[3], types[2], types[0]],
    });
    await expectStatus(put(target, same), 201);
    expect(target.runner.jobs.at(-1)).toMatchObject({ kind: 'import', projectId: TUTORIAL, type: 'project' });
    await target.runner.finishImport();
    const record = await read(target, body.id, '?showContent=all');
    expect(record.packageInfo).toMatchObject({ purpose: 'project_merge', replicated: true });
    expect(record.packageInfo.tocView).not.toHaveProperty('content');
    expect(record.importInfo.status).toBe('imported');
  });
});

describe('a project security package', () => {
  it('shows users and groups, and no setting without a meaning', async () => {
    const settings = { updateSchema: null, aclOnReplacingObjects: null, defaultAction: 'replace' };
    const body = await approved(source, target.id, security(settings, { includeDependents: false }));
    expect(body.packageInfo.tocView).toMatchObject({
      settings: { updateSchema: [], aclOnNewObjects: ['keep_acl_as_source_object'], defaultAction: 'replace' },
      content: [{ id: ANN, type: 34, action: 'replace', includeDependents: false }],
    });
    expect(JSON.stringify(body)).not.toContain('null');
    await expectStatus(put(target, body), 201);
    expect(target.runner.jobs.at(-1)).toMatchObject({ type: 'project_security', projectId: TUTORIAL });
    await target.runner.finishImport();
    const record = await read(target, body.id, '?showContent=all');
    expect(record.packageInfo.tocView?.settings).not.toHaveProperty('aclOnReplacingObjects');
  });

  it.each<[string, Part, string]>([
    ['a rule for access', security({ aclOnReplacingObjects: 'replace' }), 'settings.aclOnReplacingObjects'],
    ['a schema update', security({ updateSchema: ['update_schema_logical_info'] }), 'settings.updateSchema'],
    ['dependents', security({}, { includeDependents: true }), 'content[0].includeDependents'],
    ['another type of object', security({}, { type: 44 }), 'cannot be in a project_security package'],
    ['an object of the project', security({}, { type: 12 }), 'Put it into a project package'],
    ['another folder', security({}, { parentId: FOLDER }), 'parentId'],
    ['no content', { ...security(), tocView: { settings: {} } }, 'packageInfo.tocView.content'],
    ['the purpose of a merge', { ...security(), purpose: 'project_merge' }, "packageInfo.type is 'project_security'"],
  ])('is refused with %s', async (_, packageInfo, text) => {
    const { status, body } = await post(packageInfo);
    expect(status).toBe(400);
    expect(body.code).toMatch(/ERR00[56]/);
    expect(body.message).toContain(text);
    expect(source.runner.jobs).toEqual([]);
  });

  it('needs a project on both sides', async () => {
    const headless = source.call('POST', '/migrations', { body: createBody(target.id, security()) });
    expect(await headless).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    const body = await approved(source, target.id, security());
    const nowhere = { ...body, importInfo: {} };
    const answer = await target.call('PUT', `/migrations/${body.id}`, { body: nowhere });
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR005' } });
  });
});
