import type { Page } from 'playwright-core';

/** What people do in the console, by clicks. */

export async function openNewPackage(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'New package' }).click();
  await page.getByRole('heading', { name: 'New package' }).waitFor();
}

/** Finds an object by its exact name and a type number, and puts it into the package. */
export async function addBySearch(page: Page, name: string, type: number): Promise<void> {
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByLabel('Type', { exact: true }).selectOption(String(type));
  await page.getByLabel('Search by name').fill(name);
  await page.getByRole('button', { name: `Add ${name}`, exact: true }).click();
}

/** Names the package, has it built, and ends on its page once it is. */
export async function createPackage(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create package' }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  await statusIs(page, 'Created');
}

/** Waits until the page of a migration or a group shows a status. */
export async function statusIs(page: Page, status: string): Promise<void> {
  await page.locator('.page > :first-child .badge', { hasText: new RegExp(`^${status}$`) }).waitFor();
}

/** Clicks an action of the list on the right. */
export async function act(page: Page, action: string): Promise<void> {
  await page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: action, exact: true }).click();
}

/** Confirms the dialog that an action has opened. */
export async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Sends the package on its page to prod, whatever steps are left. */
export async function migrateToProd(page: Page): Promise<void> {
  await act(page, 'Migrate');
  const dialog = page.getByRole('dialog');
  const target = dialog.getByLabel('Target environment');
  await target.waitFor();
  // What is approved keeps its target.
  if (await target.isEnabled()) await target.selectOption({ label: 'prod' });
  await confirm(page, 'Migrate');
}

/** The row of the migrations table with this name. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
