import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { approvedPackage, importInto, PROJECT, YEAR } from '../e2e/two-environments.ts';
import { connectProd, newPage, openStage, picture, signIn, type Stage } from './stage.ts';

let stage: Stage;
let migrationId: string;
let axe: string;
beforeAll(async () => {
  stage = await openStage();
  const { dev, prod } = stage.both;
  const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
  await importInto(prod, record);
  migrationId = record.id;
  await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12 }] });
  axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Serious and critical findings, as rule and place. The script is run by the debugger: the page's policy forbids it. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}

/** The pages, and what says that each is there. */
const PAGES: readonly [name: string, path: () => string, ready: (page: Page) => Promise<void>][] = [
  ['migrations', () => '/migrations', (page) => page.locator('td .badge', { hasText: 'Migrated' }).first().waitFor()],
  [
    'migration',
    () => `/migrations/${encodeURIComponent(migrationId)}`,
    (page) => page.getByRole('heading', { name: /^Content/ }).waitFor(),
  ],
  ['new package', () => '/new', (page) => page.getByRole('button', { name: 'Schema Objects', exact: true }).waitFor()],
  ['groups', () => '/groups', (page) => page.getByText('No groups yet').waitFor()],
  ['upload', () => '/upload', (page) => page.getByRole('heading', { name: 'Upload a package file' }).waitFor()],
  [
    'plan',
    () => `/plan/${encodeURIComponent(migrationId)}`,
    (page) =>
      page
        .getByRole('heading', { level: 1 })
        .or(page.getByRole('heading', { level: 2 }))
        .first()
        .waitFor(),
  ],
  ['object', () => `/objects/${PROJECT}/12/${YEAR}`, (page) => page.getByRole('heading').first().waitFor()],
  ['journal', () => '/journal', (page) => page.getByRole('heading').first().waitFor()],
  ['a page that does not exist', () => '/nowhere', (page) => page.getByText('There is no such page').waitFor()],
];

describe.each(['light', 'dark'] as const)('in %s', (colours) => {
  let page: Page;
  beforeAll(async () => {
    page = await newPage(stage, { colours });
  });
  afterAll(() => page.context().close());

  it('the sign-in has no serious finding', async () => {
    await page.goto(`${stage.consoleUrl}/`);
    await page.getByLabel('User name').waitFor();
    await picture(page, `sign-in-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it.each(PAGES)('%s has no serious finding', async (name, path, ready) => {
    await signIn(stage, page, path());
    await connectProd(page);
    await ready(page);
    await picture(page, `${name}-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('neither has a dialog', async () => {
    await signIn(stage, page, `/migrations/${encodeURIComponent(migrationId)}`);
    await connectProd(page);
    await page.getByRole('button', { name: 'Reuse for another target' }).click();
    await page.getByRole('dialog').getByLabel('Target project').waitFor();
    await picture(page, `dialog-${colours}`);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
});

describe('without a mouse', () => {
  it('one signs in, skips to the content, and switches the environment', async () => {
    const page = await newPage(stage);
    await page.goto(`${stage.consoleUrl}/migrations`);
    await page.getByLabel('User name').waitFor();
    await page.keyboard.type('Administrator');
    await page.keyboard.press('Tab');
    await page.keyboard.type('an end-to-end password');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.getByRole('button', { name: /Switch environment$/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Connect prod' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Connect prod' }).waitFor({ state: 'hidden' });
    await page.context().close();
  });
});

it('nothing was complained about', () => expect(stage.complaints).toEqual([]));
