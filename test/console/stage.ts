import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { portOrAny } from '../../packages/cli/src/start/free-port.ts';
import { PASSWORD, twoEnvironments, type TwoEnvironments } from '../e2e/two-environments.ts';
import { launchBrowser } from './browser.ts';

/** Where screenshots are written; nobody compares them, people look at them. */
export const PICTURES = join(import.meta.dirname, '../../.longshore/console-pictures');

/** Two servers that know each other's console, and a browser. */
export interface Stage extends AsyncDisposable {
  readonly both: TwoEnvironments;
  readonly browser: Browser;
  /** Address of the console of dev. */
  readonly consoleUrl: string;
  /** What a page has complained about: errors of scripts, and of the content security policy. */
  readonly complaints: string[];
}

export async function openStage(): Promise<Stage> {
  const host = '127.0.0.1';
  const ports = { dev: await portOrAny(0, host), prod: await portOrAny(0, host) };
  const origin = (name: 'dev' | 'prod'): string => `http://${host}:${ports[name]}`;
  const other = (name: 'dev' | 'prod') => {
    const url = `${origin(name)}/MicroStrategyLibrary`;
    return { environments: [{ name, url, production: name === 'prod' }], allowedOrigins: [origin(name)] };
  };
  const both = await twoEnvironments(
    {},
    {
      dev: { port: ports.dev, console: { production: false, ...other('prod') } },
      prod: { port: ports.prod, console: { production: true, ...other('dev') } },
    },
  );
  const browser = await launchBrowser();
  await mkdir(PICTURES, { recursive: true });
  return {
    both,
    browser,
    consoleUrl: `${origin('dev')}/console`,
    complaints: [],
    async [Symbol.asyncDispose]() {
      await browser.close();
      await both[Symbol.asyncDispose]();
    },
  };
}

/** For one step of a page, on a machine that is busy with other tests. */
const WAIT_MS = 30_000;

export interface PageOptions {
  readonly colours?: 'light' | 'dark';
}

/** A page of its own, whose errors are collected. Refused calls are the test's own business, and do not count. */
export async function newPage(stage: Stage, { colours = 'light' }: PageOptions = {}): Promise<Page> {
  const context: BrowserContext = await stage.browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: colours,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => stage.complaints.push(String(error)));
  page.on('console', (message) => {
    const isRefusedCall = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusedCall) stage.complaints.push(message.text());
  });
  return page;
}

export async function fillLogin(page: Page, username = 'Administrator', password = PASSWORD): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** User name and password; the Administrator's when absent. */
type Login = [username?: string, password?: string];

/** Signs in to dev at an address of the console, and stays there. */
export async function signIn(stage: Stage, page: Page, path = '/migrations', ...login: Login): Promise<void> {
  await page.goto(`${stage.consoleUrl}${path}`);
  await fillLogin(page, ...login);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

/** Connects prod beside dev, by the switcher. */
export async function connectProd(page: Page, username = 'Administrator', password = PASSWORD): Promise<void> {
  await page.getByRole('button', { name: /Switch environment$/ }).click();
  await page.getByRole('button', { name: 'Connect prod' }).click();
  await fillLogin(page, username, password);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Messages that have been seen are closed first: they would cover what is behind them. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const close of await page.locator('.toast button').all())
    await close.click({ timeout: 500 }).catch(() => undefined);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
