import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import type { Plan, PlanObject } from '@longshore/contracts';
import { OUTCOMES, WELL_KNOWN, type Outcome } from '@longshore/domain';
import { aFolderLine, aMetricLine, aProjectLine, aUserLine, grant, idOf } from '../builders/objects.ts';
import {
  approvedPackage,
  createdPackage,
  dumpOf,
  importInto,
  PROJECT,
  twoEnvironments,
  undo,
  YEAR,
  type TestServer,
  type TwoEnvironments,
  type WalkOptions,
} from './two-environments.ts';

const METRIC = 4;
const versionOf = (digit: string): string => digit.repeat(32);

/** A metric in a folder; the digit is its version. */
const metric = (name: string, digit: string, more: Record<string, unknown> = {}) =>
  aMetricLine(name, [], { parentId: idOf('Here'), version: versionOf(digit), ...more });

const COMMON = [aProjectLine(), aFolderLine('Here'), aFolderLine('There')];
const ON_SOURCE = [
  ...COMMON,
  metric('New', '1'),
  metric('Same', '1'),
  metric('Other', '2', {
    definition: { expression: { text: 'b', tokens: [{ id: 'X', n: 2 }] } },
    translations: { '1:0:': { '1031': 'Anders' } },
    acl: [grant(WELL_KNOWN.administrator, 255)],
    description: 'from the source',
  }),
  metric('Moved', '1', { parentId: idOf('There') }),
  metric('Twice', '2'),
  metric('Kept', '2'),
  metric('Gone', '1'),
  metric('Needy', '2', { definition: { expression: { tokens: [{ target: { objectId: idOf('Same') } }] } } }),
];
const ON_TARGET = [
  ...COMMON,
  metric('Same', '1'),
  metric('Other', '1', { definition: { expression: { text: 'a', tokens: [{ id: 'X', n: 1 }] } } }),
  metric('Moved', '1'),
  metric('Twice', '1'),
  metric('Kept', '1'),
  metric('Gone', '1'),
  aMetricLine('Taken', [], { name: 'New', id: idOf('Taken'), parentId: idOf('Here') }),
];

const content = (name: string, action = 'replace') => ({ id: idOf(name), type: METRIC, action });
const ALL = [
  content('New'),
  content('Same'),
  content('Other'),
  content('Moved'),
  content('Twice', 'keep_both'),
  content('Kept', 'use_existing'),
  content('Gone', 'delete'),
  { ...content('Nowhere', 'delete'), name: 'Nowhere' },
];

let pair: TwoEnvironments;
let dev: TestServer;
let prod: TestServer;
let record: Migration;

async function load(server: TestServer, lines: readonly object[]): Promise<void> {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  await server.client.metadata.load(new Blob([text]).stream());
}

async function planned(of: Migration, projectId: string | null = PROJECT): Promise<Plan> {
  const { id, status } = await prod.client.plans.create(of, { projectId });
  expect(status).toBe('planning');
  return prod.client.plans.waitFor(id);
}

async function objectsOf(plan: Plan): Promise<PlanObject[]> {
  const { items, total } = await prod.client.plans.objects(plan.id, { limit: 1000 });
  expect(total).toBe(plan.result?.total);
  return [...items];
}

/** Only what there is of, as an import tells it. */
const present = (counts: Record<string, number> | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(counts ?? {}).filter(([, n]) => n > 0));

/** What the newest import of a migration did, by its journal. */
async function importedCounts({ id }: Migration): Promise<Record<string, number> | undefined> {
  const { data } = await prod.client.journal.list({ kind: 'import' });
  const found = data.find((transaction) => transaction.importId === id.split(':')[1]);
  return found?.summary['counts'] as Record<string, number> | undefined;
}

beforeAll(async () => {
  pair = await twoEnvironments({ sample: null });
  ({ dev, prod } = pair);
  await load(dev, ON_SOURCE);
  await load(prod, ON_TARGET);
  record = await approvedPackage(dev, prod, { content: ALL });
});
afterAll(() => pair[Symbol.asyncDispose]());

describe('a plan', () => {
  it('says for every object what the import would do, deletions first, and changes nothing', async () => {
    const before = await dumpOf(prod);
    const plan = await planned(record);
    expect(plan).toMatchObject({ status: 'planned', progress: 100, message: '', targetChanged: false });
    expect(plan.migrationId).toBe(record.id);
    const objects = await objectsOf(plan);
    const told = Object.fromEntries(objects.map((object) => [object.names.package, object.outcome]));
    expect(told).toMatchObject({
      New: 'create',
      Same: 'keep',
      Other: 'replace',
      Moved: 'move',
      Twice: 'duplicate',
      Kept: 'keep',
      Gone: 'delete',
      Nowhere: 'skip',
    });
    expect(objects[0]?.outcome).toBe('delete');
    const counted = Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, objects.filter((object) => object.outcome === outcome).length]),
    );
    expect(plan.result?.counts).toEqual(counted);
    expect(Object.values(counted).reduce((sum, n) => sum + n, 0)).toBe(objects.length);
    expect(await dumpOf(prod)).toBe(before);
  });

  it('says which rule decided, and what is before and after', async () => {
    const objects = await objectsOf(await planned(record));
    const named = (name: string) => objects.find((object) => object.names.package === name);
    expect(named('Moved')).toMatchObject({
      conflict: 'PATH',
      action: 'replace',
      role: 'content',
      reason: 'Only the folder differs.',
      parents: { before: { id: idOf('Here') }, after: { id: idOf('There') } },
    });
    expect(named('Moved')?.parents.before?.path.endsWith('/Here')).toBe(true);
    expect(named('Moved')?.path.endsWith('/There')).toBe(true);
    expect(named('New')).toMatchObject({ conflict: 'NEW', name: 'New (1)', names: { after: 'New (1)' } });
    expect(named('New')?.names).not.toHaveProperty('before');
    expect(named('Other')).toMatchObject({
      versions: { before: versionOf('1'), package: versionOf('2'), after: versionOf('2') },
    });
    const twice = named('Twice');
    expect(twice?.newId).toMatch(/^[0-9A-F]{32}$/);
    expect(named('Gone')?.names).toEqual({ before: 'Gone', package: 'Gone' });
    expect(named('Gone')?.parents).not.toHaveProperty('after');
  });

  it('says what there is to know: renamed objects, and that there would be no undo', async () => {
    const plan = await planned(record);
    expect(plan.result).toMatchObject({ blocked: false, issueCounts: { blocking: 0 }, undo: { possible: false } });
    expect(plan.result?.undo.reason).toContain('keep_both');
    const { items } = await prod.client.plans.issues(plan.id, { severity: 'warning' });
    const told = items.map(({ type, object }) => `${type} ${object.name}`);
    expect(told.toSorted()).toEqual(['renamed New', 'renamed Twice']);
    expect(items.find(({ object }) => object.name === 'New')?.message).toContain("'New (1)'");
  });

  it('is read by outcome, by type, by part of a name or path, by id, and page by page', async () => {
    const { plans } = prod.client;
    const { id } = await planned(record);
    const names = async (options: object): Promise<string[]> =>
      (await plans.objects(id, options)).items.map((object) => object.names.package).toSorted();
    expect(await names({ outcomes: ['move', 'delete'] })).toEqual(['Gone', 'Moved']);
    expect(await names({ type: METRIC, q: 'oTh' })).toEqual(['Other']);
    expect(await names({ q: idOf('Twice').toLowerCase() })).toEqual(['Twice']);
    expect(await names({ q: '/there' })).toContain('Moved');
    expect(await names({ q: '%' })).toEqual([]);
    const all = await plans.objects(id, { limit: -1 });
    const paged: PlanObject[] = [];
    for (let offset = 0; offset < all.total; offset += 3) {
      paged.push(...(await plans.objects(id, { offset, limit: 3 })).items);
    }
    expect(paged).toEqual(all.items);
    await expect(plans.objects(id, { limit: 1001 })).rejects.toMatchObject({ status: 400, code: 'ERR006' });
    await expect(plans.objects(id, { offset: -1 })).rejects.toMatchObject({ status: 400, code: 'ERR006' });
  });

  it('tells what stands in the way, all of it', async () => {
    const blocked = await approvedPackage(dev, prod, { content: [content('Needy'), content('Same', 'delete')] });
    const plan = await planned(blocked);
    expect(plan.result).toMatchObject({ blocked: true, issueCounts: { blocking: 1 } });
    const { items, total } = await prod.client.plans.issues(plan.id);
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ severity: 'blocking', type: 'missing-dependency', object: { id: idOf('Needy') } });
    expect((await importInto(prod, blocked)).importInfo.status).toBe('import_failed');
  });

  it('is made of a package that nobody has approved yet', async () => {
    const pending = await createdPackage(dev, prod, { content: [content('Other')] });
    expect(pending).toMatchObject({
      packageInfo: { status: 'created' },
      importInfo: { importRequestStatus: 'pending' },
    });
    expect((await planned(pending)).status).toBe('planned');
  });

  it('notices that the target has changed since', async () => {
    const plan = await planned(record);
    await load(prod, [metric('Unrelated', '1')]);
    const { plans } = prod.client;
    expect((await plans.get(plan.id)).targetChanged).toBe(true);
    expect((await plans.difference(plan.id, idOf('Other'))).targetChanged).toBe(false);
    await load(prod, [metric('Kept', '3')]);
    expect((await plans.difference(plan.id, idOf('Kept'))).targetChanged).toBe(true);
    await load(prod, [metric('Kept', '1')]);
    expect((await planned(record)).targetChanged).toBe(false);
  });

  it('is thrown away on request', async () => {
    const { id } = await planned(record);
    const { plans } = prod.client;
    expect((await plans.list({ migrationId: record.id })).data.map((plan) => plan.id)).toContain(id);
    await plans.delete(id);
    await expect(plans.get(id)).rejects.toMatchObject({ status: 404, code: 'ERR004' });
    await expect(plans.objects(id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('the difference of an object', () => {
  it('is told field by field', async () => {
    const { id } = await planned(record);
    const difference = await prod.client.plans.difference(id, idOf('Other'));
    expect(difference).toMatchObject({
      object: { id: idOf('Other'), outcome: 'replace' },
      sides: { target: true, package: true },
      targetChanged: false,
      definition: {
        compared: true,
        differs: true,
        total: 2,
        changes: [
          { change: 'changed', path: '/expression/text', from: 'a', to: 'b' },
          { change: 'changed', path: '/expression/tokens/0/n', from: 1, to: 2 },
        ],
      },
      acl: {
        effect: 'package',
        changes: [{ change: 'removed', trustee: { id: WELL_KNOWN.everyone, name: 'Everyone' }, target: 199 }],
      },
      translations: [
        { change: 'added', language: { lcid: '1031', name: 'German (Germany)' }, text: '1:0:', package: 'Anders' },
      ],
    });
    expect(difference.properties).toContainEqual({
      property: 'description',
      change: 'changed',
      target: '',
      package: 'from the source',
    });
  });

  it('of an object that only one side has is all of it', async () => {
    const { id } = await planned(record);
    const added = await prod.client.plans.difference(id, idOf('New'));
    expect(added.sides).toEqual({ target: false, package: true });
    expect(added.properties).toContainEqual({ property: 'name', change: 'added', package: 'New' });
    const skipped = await prod.client.plans.difference(id, idOf('Nowhere'));
    expect(skipped).toMatchObject({ sides: { target: false, package: false }, properties: [] });
    await expect(prod.client.plans.difference(id, idOf('Unknown'))).rejects.toMatchObject({ status: 404 });
  });

  it('names the folders of an object that is moved', async () => {
    const { id } = await planned(record);
    const { properties } = await prod.client.plans.difference(id, idOf('Moved'));
    expect(properties).toContainEqual({
      property: 'parentId',
      change: 'changed',
      target: idOf('Here'),
      package: idOf('There'),
      targetName: 'Here',
      packageName: 'There',
    });
  });
});

describe('plans of other packages', () => {
  it('of users: contacts alone', async () => {
    const ann = (address: string) =>
      aUserLine('Ann', {
        version: versionOf('1'),
        definition: {
          username: 'ann',
          fullName: 'Ann',
          enabled: true,
          memberships: [],
          addresses: [{ id: 'A', address }],
        },
      });
    await load(dev, [ann('ann@example.org')]);
    await load(prod, [ann('ann@example.com')]);
    const users = await approvedPackage(dev, prod, { type: 'configuration', content: [{ id: idOf('Ann'), type: 34 }] });
    const plan = await planned(users, null);
    const [object] = await objectsOf(plan);
    expect(plan).not.toHaveProperty('project');
    expect(object).toMatchObject({ outcome: 'update_contacts', conflict: 'DS' });
  });

  it('of a project merge: texts in other languages, and what goes along', async () => {
    const merge = await approvedPackage(dev, prod, {
      purpose: 'project_merge',
      settings: { translationAction: 'force_replace', defaultAction: 'use_newer' },
    });
    const before = await dumpOf(prod);
    const plan = await planned(merge);
    expect(plan.status).toBe('planned');
    const objects = await objectsOf(plan);
    expect(objects.length).toBeGreaterThan(8);
    expect(await dumpOf(prod)).toBe(before);
  });

  it('of links of users: only they are compared', async () => {
    const links = await approvedPackage(dev, prod, {
      type: 'project_security',
      content: [{ id: WELL_KNOWN.administrator, type: 34 }],
    });
    const plan = await planned(links);
    expect(plan).toMatchObject({ status: 'planned', package: { type: 'project_security' } });
    const difference = await prod.client.plans.difference(plan.id, WELL_KNOWN.administrator);
    expect(difference.properties).toEqual([]);
  });
});

describe('an import', () => {
  const ACTIONS = ['use_existing', 'replace', 'keep_both', 'use_newer', 'use_older', 'force_replace', 'delete'];
  const NAMES = ['New', 'Same', 'Other', 'Moved', 'Twice', 'Kept'];
  const contents = fc
    .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...ACTIONS)), { minLength: 1, maxLength: 6 })
    .map((rules) => [...new Map(rules).entries()].map(([name, action]) => content(name, action)));

  it('does what its plan said, whatever the rules', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (rules) => {
        const options: WalkOptions = { content: rules };
        const of = await approvedPackage(dev, prod, options);
        const plan = await planned(of);
        const imported = await importInto(prod, of);
        expect(imported.importInfo.status).toBe(plan.result?.blocked ? 'import_failed' : 'imported');
        expect(await importedCounts(of)).toEqual(plan.result?.blocked ? undefined : present(plan.result?.counts));
        expect((await prod.client.plans.get(plan.id)).targetChanged).toBe(!plan.result?.blocked);
      }),
      { numRuns: 8 },
    );
  });

  it('and its undo leave the plan as it was, for the same target', async () => {
    const of = await approvedPackage(dev, prod, { content: [content('Other', 'force_replace')] });
    const outcomes = async (): Promise<Outcome[]> => (await objectsOf(await planned(of))).map(({ outcome }) => outcome);
    const before = await outcomes();
    await importInto(prod, of);
    expect((await undo(prod, of.id)).importInfo.status).toBe('undo_success');
    expect(await outcomes()).toEqual(before);
  });
});

describe('the Tutorial', () => {
  it('is planned as it is imported', async () => {
    await using both = await twoEnvironments();
    ({ dev, prod } = both);
    const year = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
    const plan = await planned(year);
    await importInto(prod, year);
    expect(await importedCounts(year)).toEqual(present(plan.result?.counts));
  });
});
