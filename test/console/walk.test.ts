import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { dumpOf, PROJECT } from '../e2e/two-environments.ts';
import { act, addBySearch, confirm, createPackage, migrateToProd, openNewPackage, rowOf, statusIs } from './actions.ts';
import { connectProd, fillLogin, newPage, openStage, picture, type Stage } from './stage.ts';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  page = await newPage(stage);
});
afterAll(() => stage[Symbol.asyncDispose]());

const onMigrations = async (): Promise<void> => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Migrations' }).click();
  await page.getByRole('heading', { name: 'Migrations', level: 1 }).waitFor();
};

describe('the walk of a package, by clicks', () => {
  it('begins with a sign-in, which says in the server’s words why not', async () => {
    await page.goto(`${stage.consoleUrl}/migrations?status=failed`);
    await fillLogin(page, 'Administrator', 'not the password');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).not.toBe('');
    await fillLogin(page);
    // The address is kept: the page that was asked for comes up, with its filter.
    await page.getByRole('heading', { name: 'Migrations', exact: true }).waitFor();
    expect(await page.getByLabel('Status', { exact: true }).inputValue()).toBe('failed');
    // The session is in memory and nowhere else.
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(kept).not.toContain('uth');
    expect(kept).toContain('[{},');
  });

  it('connects the target, and shows it as production', async () => {
    await connectProd(page);
    await page.getByText('prod connected').waitFor();
  });

  it('chooses an object by folder, shows what comes along and why, and creates the package', async () => {
    await openNewPackage(page);
    for (const folder of ['Schema Objects', 'Attributes', 'Time']) {
      await page.getByRole('button', { name: folder, exact: true }).click();
    }
    await page.getByRole('button', { name: 'Add Year', exact: true }).click();
    await page.getByLabel('Rule for Year').selectOption('replace');
    await page.getByRole('button', { name: 'What Year needs' }).click();
    const needed = page.getByRole('dialog').getByRole('row').nth(1);
    await needed.waitFor();
    expect(await needed.innerText()).toContain('Year');
    await picture(page, 'dependencies');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await picture(page, 'new-package');
    await createPackage(page, 'Year by clicks');
    expect(await page.getByRole('heading', { name: /^Content/ }).innerText()).toContain('115 objects');
  });

  it('validates on the target', async () => {
    await act(page, 'Validate');
    await page.getByRole('dialog').getByLabel('Target environment').selectOption({ label: 'prod' });
    await confirm(page, 'Validate');
    await page.getByText(/The import to this target would succeed/).waitFor();
  });

  it('certifies', async () => {
    await act(page, 'Certify');
    await page.locator('.badge', { hasText: 'Certified' }).waitFor();
  });

  it('requests, rejects, requests again and approves', async () => {
    await act(page, 'Request migrate');
    await confirm(page, 'Request migrate');
    await statusIs(page, 'Pending Migrate');
    await act(page, 'Reject');
    await statusIs(page, 'Rejected');
    await act(page, 'Request migrate');
    await confirm(page, 'Request migrate');
    await statusIs(page, 'Pending Migrate');
    await act(page, 'Approve');
    await statusIs(page, 'Approved');
    const actions = page.getByRole('region', { name: 'Actions' });
    await actions.getByText('Not possible now').last().click();
    expect(await actions.innerText()).toContain('Not while the package is locked.');
  });

  it('migrates, and after a reload and a new sign-in is where it was', async () => {
    await migrateToProd(page);
    await statusIs(page, 'Migrated');
    await picture(page, 'migrated');
    await page.reload();
    await fillLogin(page);
    await page.getByRole('heading', { name: 'Year by clicks' }).waitFor();
    // Only the source is connected now, and it knows nothing of the import.
    await statusIs(page, 'Approved');
    await connectProd(page);
    await statusIs(page, 'Migrated');
    const { dev, prod } = stage.both;
    const year = (dump: string): string | undefined => dump.split('\n').find((line) => line.includes('"name":"Year"'));
    expect(year(await dumpOf(prod, PROJECT))).toBe(year(await dumpOf(dev, PROJECT)));
  });

  it('reverses', async () => {
    await act(page, 'Request reverse');
    await statusIs(page, 'Pending Reverse');
    await act(page, 'Reverse');
    await statusIs(page, 'Reversed');
  });

  it('downloads the package', async () => {
    const download = page.waitForEvent('download');
    await act(page, 'Download package');
    expect((await download).suggestedFilename()).toBe('Year by clicks.mmp');
    expect(await (await download).failure()).toBeNull();
  });

  it('deletes on both sides; in production the name has to be typed', async () => {
    await act(page, 'Delete on source');
    await confirm(page, 'Delete');
    await act(page, 'Delete on target');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Delete', exact: true }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await dialog.getByLabel('Type prod to confirm').fill('prod');
    await confirm(page, 'Delete');
    await page.getByText('No connected environment knows this migration').waitFor();
    await onMigrations();
    await page.getByText('No migrations yet').waitFor();
  });
});

describe('other ways', () => {
  it('an edit changes what is in a package', async () => {
    await openNewPackage(page);
    await addBySearch(page, 'Year', 12);
    await createPackage(page, 'To edit');
    await act(page, 'Edit');
    await page.getByRole('heading', { name: 'Edit package' }).waitFor();
    await page.getByLabel('Include everything that Year needs').uncheck();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'To edit' }).waitFor();
    await page.getByRole('heading', { name: /1 object$/ }).waitFor();
  });

  it('an import that fails says all that the server said, and changes nothing', async () => {
    const before = await dumpOf(stage.both.prod);
    const name = await nameOfNeedyMetric(before);
    await openNewPackage(page);
    await addBySearch(page, name, 4);
    await page.getByLabel(`Include everything that ${name} needs`).uncheck();
    await createPackage(page, 'Will fail');
    await migrateToProd(page);
    await statusIs(page, 'Failed');
    const notice = page.locator('.notice-bad');
    expect(await notice.innerText()).toContain('The import failed; the target is as it was before');
    expect(await notice.innerText()).toContain(name);
    await picture(page, 'failed');
    expect(await dumpOf(stage.both.prod)).toBe(before);
    await onMigrations();
    const failed = rowOf(page, 'Will fail').locator('[title]', { has: page.locator('.badge-bad') });
    await failed.waitFor();
    expect([await failed.innerText(), await failed.getAttribute('title')]).toEqual([
      'Failed',
      expect.stringContaining(name),
    ]);
  });

  it('an administration package is made of users and roles', async () => {
    await openNewPackage(page);
    await page.getByLabel('Package type').selectOption('administration');
    await addBySearch(page, 'Analyst', 44);
    await createPackage(page, 'Roles');
    await migrateToProd(page);
    await statusIs(page, 'Migrated');
  });

  it('a project merge is made of rules', async () => {
    await openNewPackage(page);
    await page.getByLabel('Package type').selectOption('merge');
    await page.getByRole('button', { name: 'Add a rule for Public Objects' }).click();
    await page.getByLabel('Rule for Public Objects', { exact: true }).selectOption('use_newer');
    await page.getByRole('group', { name: 'Add a rule for a type' }).getByRole('button', { name: 'Add rule' }).click();
    await createPackage(page, 'Everything');
    await page.getByText('A project merge takes all objects').waitFor();
    await migrateToProd(page);
    await statusIs(page, 'Migrated');
  });

  it('a file is uploaded and imported', async () => {
    const { client } = stage.both.dev;
    const { data } = await client.migrations.list();
    const made = data.find(({ packageInfo }) => packageInfo.name === 'To edit');
    const response = await client.migrations.downloadPackage(made?.packageInfo.id ?? '');
    await onMigrations();
    await page.getByRole('button', { name: /Switch environment$/ }).click();
    await page.getByRole('button', { name: 'Switch environment: prod' }).click();
    await page.getByRole('link', { name: 'Upload a file' }).click();
    const buffer = Buffer.from(await response.arrayBuffer());
    await page
      .getByLabel('Package file (.mmp)')
      .setInputFiles({ name: 'By hand.mmp', mimeType: 'application/octet-stream', buffer });
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('heading', { name: 'By hand' }).waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('group', { name: 'Objects by what would happen' }).waitFor();
    await page.getByText('Nothing stands in the way of the import.').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await statusIs(page, 'Migrated');
    await page.getByRole('button', { name: /Switch environment$/ }).click();
    await page.getByRole('button', { name: 'Switch environment: dev' }).click();
  });

  it('a group is made of packages, and goes its way together', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Both together');
    await page.getByRole('dialog').getByLabel('To edit').check();
    await page.getByRole('dialog').getByLabel('Roles').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'Both together' }).waitFor();
    for (const [button, status] of [
      ['Request migrate', 'Pending Migrate'],
      ['Approve', 'Approved'],
      ['Migrate', 'Migrated'],
      ['Reverse', 'Reversed'],
    ] as const) {
      const action = page.getByRole('button', { name: button, exact: true });
      await action.and(page.locator(':not([aria-disabled])')).click();
      await statusIs(page, status);
    }
    await picture(page, 'group');
  });

  it('a member of a group is planned by itself', async () => {
    await page.getByRole('table', { name: 'Packages' }).getByRole('link').last().click();
    await page.getByRole('link', { name: 'Plan before import' }).click();
    await page.getByLabel('Target environment').selectOption({ label: 'prod' });
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('group', { name: 'Objects by what would happen' }).waitFor();
    await page.getByText('a member of a migration group. It is planned against the target as it is now').waitFor();
  });

  it('all of them stand in one table, each with one status', async () => {
    await onMigrations();
    await rowOf(page, 'By hand').locator('.badge', { hasText: 'Migrated' }).waitFor();
    await rowOf(page, 'To edit').locator('.badge', { hasText: 'Created' }).waitFor();
    await rowOf(page, 'Will fail').locator('.badge', { hasText: 'Failed' }).waitFor();
    expect(await rowOf(page, 'Everything').innerText()).toContain('Project merge');
    expect(await rowOf(page, 'Roles').innerText()).toContain('Administration');
    await picture(page, 'migrations');
  });

  it('nothing was complained about: no error of a script, no breach of the content security policy', () => {
    expect(stage.complaints).toEqual([]);
  });
});

/** A metric of dev that needs something which prod does not have. */
async function nameOfNeedyMetric(prodDump: string): Promise<string> {
  const { dev } = stage.both;
  const metrics = await dev.client.searches.quick({ types: [4], limit: 1000, projectId: PROJECT });
  for (const { id, type, name } of metrics.result) {
    if (prodDump.includes(`"id":"${id}"`)) continue;
    const search = { object: { id, type }, direction: 'uses', reach: 'direct', projectId: PROJECT } as const;
    const { result } = await dev.client.searches.dependencies(search);
    if (result.some((needed) => !prodDump.includes(`"id":"${needed.id}"`))) return name;
  }
  throw new Error('The Tutorial has no such metric any more.');
}
