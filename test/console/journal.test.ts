import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvedPackage, importInto, YEAR } from '../e2e/two-environments.ts';
import { seriousFindings } from './accessible.ts';
import { newPage, openStage, picture, signIn, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { dev } = stage.both;
  // The same environment is source and target here, so that its own journal knows of it.
  await importInto(
    dev,
    await approvedPackage(dev, dev, { content: [{ id: YEAR, type: 12, action: 'force_replace' }] }),
  );
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('the journal', () => {
  it('tells who moved what, when, with which package; filtered, and object by object', async () => {
    const page = await newPage(stage);
    await signIn(stage, page, '/journal');
    await page.getByLabel('What was done').selectOption('import');
    const row = page.getByRole('row').filter({ hasText: 'Administrator' }).first();
    await row.getByText('Replace 1').waitFor();
    expect(page.url()).toContain('kind=import');
    await picture(page, 'journal');
    expect(await seriousFindings(page)).toEqual([]);
    await row.getByRole('button', { name: /^Objects of Import/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Year', exact: true }).waitFor();
    await picture(page, 'journal-entry');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByLabel('Object id').fill('F'.repeat(32));
    await page.getByRole('heading', { name: 'Nothing was recorded' }).waitFor();
    expect(stage.complaints).toEqual([]);
    await page.context().close();
  });
});
