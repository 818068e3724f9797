import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createdPackage, dumpOf, YEAR } from '../e2e/two-environments.ts';
import { seriousFindings } from './accessible.ts';
import { connectProd, fillLogin, newPage, openStage, picture, signIn, type Stage } from './stage.ts';

let stage: Stage;
let before: string;
beforeAll(async () => {
  stage = await openStage();
  before = await dumpOf(stage.both.prod);
});
afterAll(() => stage[Symbol.asyncDispose]());

const content = [{ id: YEAR, type: 12, includeDependents: true }];

/** The page of a package's plan, with both environments connected. */
async function planPage(
  options: Parameters<typeof createdPackage>[2],
  colours: 'light' | 'dark' = 'light',
): Promise<Page> {
  const { dev, prod } = stage.both;
  const { id } = await createdPackage(dev, prod, options);
  const page = await newPage(stage, { colours });
  await signIn(stage, page, `/plan/${id}`);
  await connectProd(page);
  await page.getByRole('heading', { name: /^Plan before import: / }).waitFor();
  return page;
}

const plan = async (page: Page): Promise<void> => {
  await page.getByLabel('Target environment').selectOption({ label: 'prod' });
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('group', { name: 'Objects by what would happen' }).waitFor();
};

describe('the plan before an import', () => {
  it.each(['light', 'dark'] as const)('shows counts that add up, filters, and what decides (%s)', async (colours) => {
    const page = await planPage({ content }, colours);
    await plan(page);
    await page.getByText('Nothing stands in the way of the import.').waitFor();
    const sum = (await page.getByText(/ = [\d,]+ objects$/).textContent()) ?? '';
    const [parts = '', total = ''] = sum.replaceAll(',', '').split(' = ');
    expect(parts.split(' + ').reduce((all, part) => all + Number(part), 0)).toBe(Number.parseInt(total, 10));
    await page.getByRole('button', { name: /Move/ }).click();
    await page.getByRole('row').filter({ hasText: 'is in another folder (PATH)' }).first().waitFor();
    await page.getByRole('button', { name: /All/ }).click();
    await page.getByLabel('Find by name, path or id').fill('quarter');
    await page.getByRole('button', { name: 'Compare Quarter', exact: true }).waitFor();
    await picture(page, `plan-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);

    await page.getByRole('button', { name: 'Compare Quarter', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('table', { name: 'Properties' }).getByText('Quarter of the calendar year').waitFor();
    await dialog.getByText('~ changed').first().waitFor();
    await picture(page, `plan-difference-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel('Show changes').selectOption('unified');
    await dialog.getByRole('list', { name: 'Definition' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('puts what blocks on top and deletions where nobody can miss them', async () => {
    const page = await planPage({ content: [{ id: YEAR, type: 12, action: 'delete' }] });
    await plan(page);
    const alert = page.getByRole('alert');
    await alert.getByText(/stops? the import$/).waitFor();
    await alert
      .getByText(/cannot be deleted/)
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Deletions (1)' }).waitFor();
    await page.getByRole('region', { name: 'Deletions (1)' }).getByText('Year').first().waitFor();
    await picture(page, 'plan-blocked');
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('is there again after a reload, and changes nothing on the target', async () => {
    const page = await planPage({ content });
    await plan(page);
    await page.reload();
    await fillLogin(page);
    await connectProd(page);
    await page.getByLabel('Target environment').selectOption({ label: 'prod' });
    await page.getByRole('group', { name: 'Objects by what would happen' }).waitFor();
    await page.getByRole('button', { name: 'Plan again', exact: true }).waitFor();
    expect(await dumpOf(stage.both.prod)).toBe(before);
    expect(stage.complaints).toEqual([]);
    await page.context().close();
  });
});
