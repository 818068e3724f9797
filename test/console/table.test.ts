import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startServer, type RunningServer, type ServerConfig } from '@longshore/server';
import { openEnvironment } from '../../packages/server/src/main/open-environment.ts';
import { aPackageRow, anImportRow, idOf, insertRows } from '../builders/migration-rows.ts';
import { aConfig } from '../e2e/two-environments.ts';
import { launchBrowser } from './browser.ts';
import { fillLogin, PICTURES } from './stage.ts';

const ROWS = 10_000;
const NUMBERS = Array.from({ length: ROWS }, (_, n) => n + 1);

let folder: string;
let server: RunningServer;
let browser: Browser;
let page: Page;

/** Ten thousand packages, every hundredth of them waiting for approval. */
async function fill(config: ServerConfig): Promise<void> {
  const environment = await openEnvironment(config, pino({ level: 'silent' }));
  const date = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString().replace('Z', '+0000');
  await insertRows(
    environment,
    NUMBERS.map((n) => {
      const name = `Release ${String(n).padStart(5, '0')}`;
      const creator = JSON.stringify({ id: idOf('C', n % 7), name: `Analyst ${n % 7}` });
      const storage = { storage_path: `mstr/shared/migrations/packages/${idOf('F', n)}.mmp`, storage_size: n * 1000 };
      return aPackageRow({ id: idOf('A', n), name, creator, creation_date: date(n), ...storage });
    }),
    NUMBERS.map((n) =>
      anImportRow({
        id: idOf('B', n),
        package_id: idOf('A', n),
        import_request_status: n % 100 === 0 ? 'requested' : 'pending',
        creation_date: date(n),
      }),
    ),
  );
  await environment.close();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-table-'));
  const config = aConfig(folder, { name: 'dev' });
  await fill(config);
  server = await startServer(config);
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const rows = () => page.getByRole('table').getByRole('row');
const firstRow = () => rows().nth(1);

describe('ten thousand migrations', () => {
  it('are all there, of which a few are in the page', async () => {
    await page.goto(`${server.address}/console/`);
    await fillLogin(page);
    await page.getByText('10,000 migrations').waitFor();
    await page.getByRole('link', { name: 'Release 10000' }).waitFor();
    expect(await rows().count()).toBeLessThan(60);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
    await page.screenshot({ path: join(PICTURES, 'ten-thousand.png') });
  });

  it('are scrolled to the end', async () => {
    await page.getByRole('region', { name: /^Migrations of all/ }).focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Release 00001' }).waitFor();
    expect(await rows().count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'Release 10000' }).waitFor();
  });

  it('are searched, filtered and sorted; the address says how, and leads there again', async () => {
    await page.getByLabel('Status', { exact: true }).selectOption('pendingMigrate');
    await page.getByText('100 of 10,000').waitFor();
    await page.getByRole('button', { name: 'Size' }).click();
    await page.getByRole('link', { name: 'Release 00100' }).waitFor();
    expect(await firstRow().innerText()).toContain('Release 00100');
    await page.getByLabel('Search').fill('release 00700');
    await page.getByText('1 of 10,000').waitFor();
    const address = new URL(page.url());
    expect(Object.fromEntries(address.searchParams)).toEqual({
      text: 'release 00700',
      status: 'pendingMigrate',
      sort: 'size',
      order: 'ascending',
    });
    await page.goto(address.href);
    await fillLogin(page);
    await page.getByText('1 of 10,000').waitFor();
    expect(await firstRow().innerText()).toContain('Release 00700');
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByText('10,000 migrations').waitFor();
  });

  it('say so when none matches', async () => {
    await page.getByLabel('Search').fill('nothing is called so');
    await page.getByText('No migration matches').waitFor();
  });
});
