import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { PROJECT, YEAR } from '../e2e/two-environments.ts';
import { seriousFindings } from './accessible.ts';
import { newPage, openStage, picture, signIn, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const open = async (colours: 'light' | 'dark' = 'light', part = ''): Promise<Page> => {
  const page = await newPage(stage, { colours });
  await signIn(stage, page, `/objects/${PROJECT}/12/${YEAR}${part}`);
  await page.getByRole('heading', { name: 'Year', exact: true }).waitFor();
  return page;
};
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });

describe('the page of an object', () => {
  it('shows what it is, where it lies, and what is in it', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Time', exact: true }).waitFor();
    await picture(page, 'object');
    expect(await seriousFindings(page)).toEqual([]);
    for (const [name, shown] of [
      ['Definition', '"forms"'],
      ['Access', 'Everyone'],
      ['Needs', 'LU_YEAR'],
      ['Where used', 'Last 2 years'],
    ] as const) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name, exact: true }).getByText(shown).first().waitFor();
      expect([name, await seriousFindings(page)]).toEqual([name, []]);
    }
    await tab(page, 'Translations').click();
    await page.getByRole('tabpanel', { name: 'Translations' }).getByRole('cell').first().waitFor();
    expect(stage.complaints).toEqual([]);
    await page.context().close();
  });

  it('moves between its parts by the arrow keys, and keeps the part in the address', async () => {
    const page = await open('light', '?part=uses');
    await tab(page, 'Needs').focus();
    await page.keyboard.press('ArrowRight');
    expect(await tab(page, 'Where used').getAttribute('aria-selected')).toBe('true');
    expect(page.url()).toContain('part=usedBy');
    await page.getByLabel('How far').selectOption('transitive');
    await page.getByRole('table', { name: 'Where used' }).getByRole('link').first().waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'draws what is around it; every box can be reached and expanded (%s)',
    async (colours) => {
      const page = await open(colours, '?part=graph');
      const graph = page.getByRole('region', { name: /^Graph of/ });
      await graph.getByRole('link', { name: 'Year', exact: true }).waitFor();
      const before = await graph.getByRole('listitem').count();
      await picture(page, `object-graph-${colours}`);
      expect(await seriousFindings(page)).toEqual([]);
      const expand = graph.getByRole('button', { name: 'Show what is around LU_YEAR, Table', exact: true });
      await expand.focus();
      await page.keyboard.press('Enter');
      await expand.waitFor({ state: 'detached' });
      await expect.poll(() => graph.getByRole('listitem').count()).toBeGreaterThan(before);
      await graph.getByRole('link', { name: 'LU_YEAR', exact: true }).first().click();
      await page.getByRole('heading', { name: 'LU_YEAR', exact: true }).waitFor();
      expect(page.url()).toContain('part=graph');
      expect(stage.complaints).toEqual([]);
      await page.context().close();
    },
  );
});
