import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { approvedPackage, importInto, PROJECT, undo, YEAR } from '../e2e/two-environments.ts';
import { statusIs } from './actions.ts';
import { seriousFindings } from './accessible.ts';
import { connectProd, fillLogin, newPage, openStage, picture, signIn, type Stage } from './stage.ts';
import { addUser, PASSWORD_OF_USERS } from './users.ts';

let stage: Stage;
let imported: string;
let reversed: string;
let failed: string;
beforeAll(async () => {
  stage = await openStage();
  const { dev, prod } = stage.both;
  const content = [{ id: YEAR, type: 12, includeDependents: true }];
  const first = await approvedPackage(dev, prod, { content });
  await importInto(prod, first);
  await undo(prod, first.id);
  reversed = first.id;
  const second = await approvedPackage(dev, prod, { content });
  await importInto(prod, second);
  imported = second.id;
  // What other objects need cannot be deleted.
  const third = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, action: 'delete' }] });
  const { importInfo } = await importInto(prod, third);
  expect(importInfo.status).toBe('import_failed');
  failed = third.id;
});
afterAll(() => stage[Symbol.asyncDispose]());

const pageOf = async (id: string, colours: 'light' | 'dark' = 'light'): Promise<Page> => {
  const page = await newPage(stage, { colours });
  await signIn(stage, page, `/migrations/${encodeURIComponent(id)}`);
  await connectProd(page);
  return page;
};

const result = (page: Page) => page.getByRole('region', { name: 'What was done', exact: true });

/** The sum below the counts, as numbers. */
async function sumOf(page: Page): Promise<{ parts: number; total: number }> {
  const text =
    (await result(page)
      .getByText(/ = [\d,]+ objects$/)
      .textContent()) ?? '';
  const [parts = '', total = ''] = text.replaceAll(',', '').split(' = ');
  return {
    parts: parts.split(' + ').reduce((all, part) => all + Number(part), 0),
    total: Number.parseInt(total, 10),
  };
}

describe('what was done to each object', () => {
  it.each(['light', 'dark'] as const)('is told after an import, with versions and counts (%s)', async (colours) => {
    const page = await pageOf(imported, colours);
    await statusIs(page, 'Migrated');
    const table = result(page).getByRole('table', { name: 'Objects that were changed' });
    await table.waitFor();
    const { parts, total } = await sumOf(page);
    const [entry] = (await stage.both.prod.client.journal.list({ importId: imported.split(':')[1] })).data;
    expect([parts, total]).toEqual([entry?.changes, entry?.changes]);
    await result(page)
      .getByRole('button', { name: /created$/ })
      .click();
    await table.getByRole('row').filter({ hasText: 'not there' }).first().waitFor();
    await result(page).scrollIntoViewIfNeeded();
    await picture(page, `result-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('is there again after a reload, and leads to the object on the target and to the journal', async () => {
    const page = await pageOf(imported);
    await result(page).getByRole('table').waitFor();
    await page.reload();
    await fillLogin(page);
    await connectProd(page);
    await result(page).getByLabel('Find by name or id').fill(YEAR);
    await result(page).getByRole('link', { name: 'Year', exact: true }).click();
    // dev was the current environment; the object is the target's.
    await page.getByText('on prod', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Environment: prod/ }).waitFor();
    await page.getByRole('tab', { name: 'Access' }).click();
    expect(new URL(page.url()).searchParams.get('at')).toBe(stage.both.prod.running.url);
    await page.goBack();
    await result(page).getByRole('link', { name: 'Open in the journal' }).click();
    await page.getByRole('heading', { name: 'Journal' }).waitFor();
    expect(await page.getByLabel('Migration', { exact: true }).inputValue()).toBe(imported);
    await page.getByText('1 to 1 of 1').waitFor();
    await picture(page, 'journal-of-migration');
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Objects of Import/ }).click();
    await page.getByRole('dialog').getByLabel('Find by name or id').fill('Year');
    await page.getByRole('dialog').getByRole('link', { name: 'Year', exact: true }).click();
    await page.getByText('on prod', { exact: true }).waitFor();
    await page.context().close();
  });

  it('is told of an undo, and still of the import before it', async () => {
    const page = await pageOf(reversed);
    await statusIs(page, 'Reversed');
    const chosen = result(page).getByLabel('Import or undo');
    expect(await chosen.locator('option:checked').textContent()).toContain('Undo of an import');
    await result(page)
      .getByRole('button', { name: /removed again$/ })
      .waitFor();
    await picture(page, 'result-undo');
    await chosen.selectOption({ index: 1 });
    await result(page)
      .getByRole('button', { name: /replaced$/ })
      .waitFor();
    const { parts, total } = await sumOf(page);
    expect(parts).toBe(total);
    await page.context().close();
  });

  it('is nothing after an import that failed, and the page says so', async () => {
    const page = await pageOf(failed);
    await statusIs(page, 'Failed');
    await result(page).getByText('changed nothing').waitFor();
    await result(page).getByText('The journal of the target has no entry of it.').waitFor();
    expect(await result(page).getByRole('table').count()).toBe(0);
    await page.context().close();
  });

  it('asks for the environment of an address that is not connected, instead of showing another one’s', async () => {
    const page = await newPage(stage);
    const at = encodeURIComponent(stage.both.prod.running.url);
    await signIn(stage, page, `/objects/${PROJECT}/12/${YEAR}?at=${at}`);
    await page.getByRole('heading', { name: 'Connect prod first' }).waitFor();
    await connectProd(page);
    await page.getByText('on prod', { exact: true }).waitFor();
    await page.getByRole('button', { name: /Switch environment$/ }).click();
    await page.getByRole('button', { name: 'Switch environment: dev' }).click();
    await page.getByText('on dev', { exact: true }).waitFor();
    expect(page.url()).not.toContain('at=');
    await page.context().close();
  });

  it('is the administrators’ to see; others are told so', async () => {
    await addUser(stage.both.prod, 'operator', [295, 296, 16]);
    const page = await newPage(stage);
    await signIn(stage, page, `/migrations/${encodeURIComponent(imported)}`);
    await connectProd(page, 'operator', PASSWORD_OF_USERS);
    await result(page).getByText('which only its administrators may read').waitFor();
    await picture(page, 'result-forbidden');
    await page.getByRole('button', { name: /Switch environment$/ }).click();
    await page.getByRole('button', { name: 'Switch environment: prod' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Journal' }).click();
    await page.getByRole('heading', { name: 'Only administrators of prod may read its journal.' }).waitFor();
    expect(stage.complaints).toEqual([]);
    await page.context().close();
  });
});
