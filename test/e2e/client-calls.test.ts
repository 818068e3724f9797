import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGE } from '@longshore/domain';
import {
  approvedPackage,
  createdPackage,
  importInto,
  PROJECT,
  twoEnvironments,
  YEAR,
  type TestServer,
  type TwoEnvironments,
} from './two-environments.ts';

let pair: TwoEnvironments;
let dev: TestServer;
let prod: TestServer;
beforeAll(async () => {
  pair = await twoEnvironments();
  ({ dev, prod } = pair);
});
afterAll(() => pair[Symbol.asyncDispose]());

const content = [{ id: YEAR, type: 12, includeDependents: true }];
const inProject = { projectId: PROJECT };

/** The client against real servers, call by call, as far as the walks of other tests do not make the calls. */
describe('the client reads', () => {
  it('an object: what is in it, its texts, what it hangs together with', async () => {
    const { objects, searches } = dev.client;
    const definition = await objects.definition(YEAR, 12, inProject);
    expect(definition).toMatchObject({ id: YEAR, type: 12, definition: { forms: expect.any(Array) } });
    const { localesAndTranslations } = await objects.translations(YEAR, 12, inProject);
    expect(localesAndTranslations['1:0:']?.translationValues['1033']).toEqual({ translation: 'Year' });
    const object = { id: YEAR, type: 12 };
    const uses = await searches.dependencies({ object, direction: 'uses', reach: 'direct', ...inProject });
    const usedBy = await searches.dependencies({ object, direction: 'used-by', reach: 'direct', ...inProject });
    expect(uses.result.map(({ name }) => name)).toContain('LU_YEAR');
    expect(usedBy.result.map(({ name }) => name)).toContain('Last 2 years');
    await expect(objects.definition('0'.repeat(32), 12, inProject)).rejects.toMatchObject({ status: 404 });
  });

  it('what the caller may do', async () => {
    const privileges = await dev.client.privileges();
    expect(privileges.find(({ id }) => id === String(PRIVILEGE.createPackage))).toBeDefined();
  });

  it('the journal, and the objects of one entry of it', async () => {
    const record = await approvedPackage(dev, prod, { content });
    await importInto(prod, record);
    const { data } = await prod.client.journal.list({ kind: 'import', limit: 1 });
    const [entry] = data;
    expect(entry).toMatchObject({ packageId: record.packageInfo.id, user: { name: 'Administrator' } });
    const objects = await prod.client.journal.objects(entry?.id ?? 0, { limit: 5 });
    expect(objects.data).toHaveLength(5);
    expect(objects.data[0]).toMatchObject({ id: expect.any(String), projectId: PROJECT });
    expect(objects.total).toBe(entry?.changes);
    const { importInfo } = record;
    const ofImport = await prod.client.journal.list({ importId: importInfo.id });
    expect(ofImport.data.map(({ kind, importId }) => [kind, importId])).toEqual([['import', importInfo.id]]);
    expect((await prod.client.journal.list({ packageId: 'F'.repeat(32) })).total).toBe(0);
  });
});

describe('the client works with packages', () => {
  it('validates, certifies, edits, and downloads', async () => {
    const { migrations } = dev.client;
    const record = await createdPackage(dev, prod, { content });
    await prod.client.migrations.validate(record, inProject);
    await migrations.patch(record.id, { validation: { status: 'validating' } });
    const validated = await migrations.waitFor(record.id, ({ validation }) => validation?.status !== 'validating');
    expect(validated.validation?.status).toBe('validated');
    await migrations.certify(record.id, { status: 'certified' });
    expect((await migrations.get(record.id)).packageInfo.certification?.status).toBe('certified');
    const file = await migrations.downloadPackage(record.packageInfo.id);
    expect((await file.arrayBuffer()).byteLength).toBe(record.packageInfo.storage?.size);
    const { tocView = {} } = record.packageInfo;
    const body = { type: 'project', name: 'Edited', tocView: { ...tocView, content } } as const;
    await migrations.edit(record.id, body, inProject);
    const edited = await migrations.waitFor(record.id, ({ packageInfo }) => packageInfo.status !== 'creating');
    expect(edited.packageInfo).toMatchObject({ status: 'created', name: 'Edited' });
  });

  it('plans, reads the plan page by page, and throws it away', async () => {
    const { plans } = prod.client;
    const record = await createdPackage(dev, prod, { content });
    const { id } = await plans.create(record, inProject);
    const states: string[] = [];
    const plan = await plans.waitFor(id, { onPoll: ({ status }) => states.push(status) });
    expect(states.at(-1)).toBe('planned');
    const page = await plans.objects(id, { limit: 2 });
    expect([page.items.length, page.total]).toEqual([2, plan.result?.total]);
    expect((await plans.list()).data.map((one) => one.id)).toContain(id);
    await plans.delete(id);
    await expect(plans.get(id)).rejects.toMatchObject({ status: 404 });
  });
});
