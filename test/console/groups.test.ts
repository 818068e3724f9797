import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createdPackage, YEAR } from '../e2e/two-environments.ts';
import { statusIs } from './actions.ts';
import { seriousFindings } from './accessible.ts';
import { connectProd, newPage, openStage, picture, signIn, type Stage } from './stage.ts';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  const { dev, prod } = stage.both;
  await createdPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
  const roles = await dev.client.searches.quick({ types: [44], limit: 1000 });
  const role = roles.result.find(({ name }) => name === 'Analyst');
  await createdPackage(dev, prod, { type: 'configuration', content: [{ id: role?.id ?? '', type: 44 }] });
  page = await newPage(stage);
  await signIn(stage, page, '/groups');
  await connectProd(page);
});
afterAll(() => stage[Symbol.asyncDispose]());

async function take(action: string, status: string): Promise<void> {
  const button = page.getByRole('button', { name: action, exact: true });
  await button.and(page.locator(':not([aria-disabled])')).click();
  await statusIs(page, status);
}

const members = () => page.getByRole('table', { name: 'Packages' }).getByRole('row');

describe('a group', () => {
  it('is edited before it is requested: packages leave it and join it, and all are built anew', async () => {
    await page.getByRole('button', { name: 'New group' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('First words');
    await dialog.getByRole('checkbox').first().check();
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'First words' }).waitFor();
    await statusIs(page, 'Created');
    expect(await members().count()).toBe(2);
    const address = page.url();

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await dialog.getByLabel('Package 1 of the group').waitFor();
    expect(await dialog.getByLabel('Package 1 of the group').isChecked()).toBe(true);
    // The packages that it was not made of, of another project.
    await dialog.getByRole('checkbox').nth(2).check();
    await dialog.getByLabel('Name').fill('Second thoughts');
    await picture(page, 'group-edit');
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Second thoughts' }).waitFor();
    await statusIs(page, 'Created');
    await members().nth(2).waitFor();
    expect(page.url()).toBe(address);
  });

  it('is reversed only after a request that can be rejected', async () => {
    await take('Request migrate', 'Pending Migrate');
    const edit = page.getByRole('button', { name: 'Edit', exact: true });
    expect(await edit.getAttribute('aria-disabled')).toBe('true');
    await take('Approve', 'Approved');
    await take('Migrate', 'Migrated');
    await take('Request reverse', 'Pending Reverse');
    await take('Reject reverse', 'Migrated');
    await take('Request reverse', 'Pending Reverse');
    await take('Reverse', 'Reversed');
    await picture(page, 'group-reversed');
    expect(await seriousFindings(page)).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });
});
