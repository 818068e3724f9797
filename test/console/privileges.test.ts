import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { PRIVILEGE } from '@longshore/domain';
import { approvedPackage, YEAR } from '../e2e/two-environments.ts';
import { act, addBySearch, confirm, createPackage, openNewPackage, statusIs } from './actions.ts';
import { seriousFindings } from './accessible.ts';
import { connectProd, newPage, openStage, picture, signIn, type Stage } from './stage.ts';
import { addUser, PASSWORD_OF_USERS } from './users.ts';

let stage: Stage;
let page: Page;
/** Calls that the server refused because a privilege is missing: the console should not have made them. */
const refused: string[] = [];
beforeAll(async () => {
  stage = await openStage();
  const { dev, prod } = stage.both;
  await addUser(dev, 'maker', [PRIVILEGE.createPackage]);
  await addUser(prod, 'maker', [PRIVILEGE.createPackage]);
  await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12 }] });
  page = await newPage(stage);
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${response.url()}`);
  });
  await signIn(stage, page, '/migrations', 'maker', PASSWORD_OF_USERS);
  await connectProd(page, 'maker', PASSWORD_OF_USERS);
});
afterAll(() => stage[Symbol.asyncDispose]());

const goTo = (name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();

/** The reason that stands beside an action which cannot be taken. */
async function reasonOf(action: string): Promise<string> {
  const actions = page.getByRole('region', { name: 'Actions' });
  const entry = actions.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${action}$`) }) });
  return (await entry.locator('dd').textContent()) ?? '';
}

describe('a user who may only create packages', () => {
  it('creates one, and asks for its migration', async () => {
    await openNewPackage(page);
    await addBySearch(page, 'Year', 12);
    await createPackage(page, 'Asked for');
    await act(page, 'Request migrate');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Target environment').selectOption({ label: 'prod' });
    await confirm(page, 'Request migrate');
    await statusIs(page, 'Pending Migrate');
  });

  it('cannot approve, reject, migrate, validate or certify it, and reads why', async () => {
    for (const action of ['Approve', 'Reject', 'Migrate', 'Validate']) {
      expect(await reasonOf(action)).toMatch(/^Needs the privilege .* in dev\.$/);
    }
    expect(await reasonOf('Certify')).toBe('Needs the privilege Certify package in dev.');
    const head = page.locator('.page-head');
    expect(await head.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    for (const summary of await page.getByRole('region', { name: 'Actions' }).locator('summary').all()) {
      await summary.click();
    }
    await picture(page, 'no-privilege');
    expect(await seriousFindings(page)).toEqual([]);
    await act(page, 'Withdraw request');
    await statusIs(page, 'Created');
  });

  it('cannot plan the import, and reads why', async () => {
    await page.getByRole('link', { name: 'Plan before import' }).click();
    await page.getByLabel('Target environment').selectOption({ label: 'prod' });
    await page.getByText(/^Needs the privilege .* in prod\.$/).waitFor();
    const plan = page.getByRole('button', { name: 'Plan', exact: true });
    expect(await plan.getAttribute('aria-disabled')).toBe('true');
    await picture(page, 'no-privilege-plan');
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('makes a group, asks for its migration, and cannot approve it', async () => {
    await goTo('Groups');
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Asked for together');
    await page.getByRole('dialog').getByLabel('Asked for').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'Asked for together' }).waitFor();
    await statusIs(page, 'Created');
    await page.getByRole('button', { name: 'Request migrate' }).click();
    await statusIs(page, 'Pending Migrate');
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    expect(await approve.getAttribute('aria-disabled')).toBe('true');
    expect(await approve.getAttribute('title')).toMatch(/^Needs the privilege .* in dev\.$/);
  });

  it('cannot upload a file, and reads why', async () => {
    await goTo('Migrations');
    await page.getByRole('link', { name: 'Upload a file' }).click();
    await page.getByText(/^Needs the privilege .* in dev\.$/).waitFor();
    const upload = page.getByRole('button', { name: 'Upload', exact: true });
    expect(await upload.getAttribute('aria-disabled')).toBe('true');
    await picture(page, 'no-privilege-upload');
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('was never led to a call that the server refuses', () => {
    expect(refused).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });
});
