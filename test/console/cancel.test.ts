import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { generateProject } from '@longshore/samples';
import { holdWrites } from '../builders/hold-writes.ts';
import {
  approvedPackage,
  createdPackage,
  dumpOf,
  importInto,
  isCreated,
  isImported,
  isUndone,
  PROJECT,
  YEAR,
  type TestServer,
} from '../e2e/two-environments.ts';
import { seriousFindings } from './accessible.ts';
import { act, confirm, statusIs } from './actions.ts';
import { connectProd, newPage, openStage, picture, signIn, type Stage } from './stage.ts';

/** So many that a job which waits behind a few of such a size is still there when somebody has clicked. */
const OBJECTS = 8_000;
const ROOT = 'D43364C684E34A5F9B2F9AD7108F7828';
const LARGE = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
const SMALL = [{ id: YEAR, type: 12, includeDependents: true }];

let stage: Stage;
let dev: TestServer;
let prod: TestServer;
let large: { id: string; type: number; includeDependents: boolean }[];
let untouched: string;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  ({ dev, prod } = stage.both);
  const lines = [...generateProject({ objects: OBJECTS, seed: 5, projectId: LARGE })];
  for (const { client } of [dev, prod]) await client.metadata.load(new Blob([lines.join('\n')]).stream());
  const folders = await dev.client.folders.list(ROOT, { projectId: LARGE, limit: -1 });
  large = folders.map(({ id, type }) => ({ id, type, includeDependents: true }));
  untouched = await dumpOf(prod, PROJECT);
  page = await newPage(stage);
  await signIn(stage, page);
  await connectProd(page);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** By clicks within the page: a reload would sign out of prod. */
async function openMigration(id: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Migrations' }).click();
  await page
    .locator(`a[href*="${encodeURIComponent(id)}"], a[href*="${id}"]`)
    .first()
    .click();
}

const isMigrating = () => page.locator('.page > :first-child .badge', { hasText: /^Migrating/ }).waitFor();

async function cancelByClicks(work: string): Promise<string> {
  await act(page, 'Cancel what runs');
  const dialog = page.getByRole('dialog');
  const text = await dialog.innerText();
  await confirm(page, `Cancel the ${work}`);
  return text;
}

/** A package of a project that takes its time, whose creation has just been asked for. */
async function begunLarge(name: string): Promise<string> {
  const environment = { id: dev.running.url, name: 'dev' };
  const settings = {
    updateSchema: [],
    aclOnReplacingObjects: 'replace',
    aclOnNewObjects: ['keep_acl_as_source_object'],
    defaultAction: 'force_replace',
  };
  const body = {
    packageInfo: { type: 'project', name, environment, tocView: { settings, content: large }, treeView: {} },
    importInfo: { environment: { id: prod.running.url, name: 'prod' }, project: { id: LARGE, name: 'Large' } },
  };
  return (await dev.client.migrations.create(body as never, { projectId: LARGE })).id;
}

it('an import is cancelled by clicks, and what that means is said before', async () => {
  const record = await approvedPackage(dev, prod, { content: SMALL });
  const release = await holdWrites(prod.config);
  await prod.client.migrations.import(record, { projectId: PROJECT, undoPackage: 'generate' });
  await openMigration(record.id);
  await isMigrating();
  await act(page, 'Cancel what runs');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('rolled back: prod is then as it was before, and nothing is kept half').waitFor();
  await picture(page, 'cancel-import');
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Let it run' }).click();
  await isMigrating();
  await cancelByClicks('import');
  await release();
  await page.getByText('The import was cancelled by Administrator. Nothing was changed.').first().waitFor();
  expect((await prod.client.migrations.waitFor(record.id, isImported)).importInfo.status).toBe('import_failed');
  expect(await dumpOf(prod, PROJECT)).toBe(untouched);
  const actions = page.getByRole('region', { name: 'Actions' });
  const group = actions.locator('.action-group', { hasText: 'Under way' });
  await group.getByText('Not possible now').click();
  expect(await group.innerText()).toContain('Nothing waits or runs here.');
});

it('so is a reverse', async () => {
  const record = await approvedPackage(dev, prod, { content: SMALL });
  expect((await importInto(prod, record)).importInfo.status).toBe('imported');
  const imported = await dumpOf(prod, PROJECT);
  await openMigration(record.id);
  await statusIs(page, 'Migrated');
  const release = await holdWrites(prod.config);
  await act(page, 'Reverse');
  expect(await cancelByClicks('reverse')).toContain('prod is then as the import left it');
  await release();
  await page.getByText('The undo was cancelled by Administrator. Nothing was changed.').first().waitFor();
  expect((await prod.client.migrations.waitFor(record.id, isUndone)).importInfo.status).toBe('undo_failed');
  expect(await dumpOf(prod, PROJECT)).toBe(imported);
  await act(page, 'Reverse');
  await statusIs(page, 'Reversed');
});

it('so is a validation, on the target where it runs', async () => {
  const record = await createdPackage(dev, prod, { content: SMALL });
  await openMigration(record.id);
  const release = await holdWrites(prod.config);
  await act(page, 'Validate');
  await page.getByRole('dialog').getByLabel('Target environment').selectOption({ label: 'prod' });
  await confirm(page, 'Validate');
  expect(await cancelByClicks('validation')).toContain('Nothing in prod changes in any case');
  await release();
  await page.getByText('The validation was cancelled by Administrator. Nothing was changed.').first().waitFor();
});

it('so is the creation of a package', async () => {
  const ids: string[] = [];
  for (const name of ['First', 'Second', 'Third', 'Never built']) ids.push(await begunLarge(name));
  const id = ids.at(-1) ?? '';
  await openMigration(id);
  expect(await cancelByClicks('creation')).toContain('no file stays');
  await page.getByText('The creation of the package was cancelled by Administrator.').first().waitFor();
  for (const one of ids) await dev.client.migrations.waitFor(one, isCreated);
  expect((await dev.client.migrations.get(id)).packageInfo.status).toBe('create_failed');
});

it('so is a plan', async () => {
  const id = await begunLarge('To plan');
  await dev.client.migrations.waitFor(id, isCreated);
  const record = await dev.client.migrations.get(id, { show: 'all' });
  await openMigration(id);
  await page.getByRole('link', { name: 'Plan before import' }).click();
  await page.getByLabel('Target environment').selectOption({ label: 'prod' });
  for (const _ of [1, 2, 3]) await prod.client.plans.create(record, { projectId: LARGE });
  await page.getByRole('button', { name: /^Plan( again)?$/ }).click();
  await page.getByRole('button', { name: 'Cancel the plan' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nothing in prod changes in any case').waitFor();
  await dialog.getByRole('button', { name: 'Cancel the plan' }).click();
  await page.getByText('The plan was cancelled by Administrator.').waitFor();
  await page.getByRole('button', { name: 'Plan again' }).waitFor();
});

it('no page has complained', () => expect(stage.complaints).toEqual([]));
