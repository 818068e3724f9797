import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { SETTING_KEYS, SETTINGS } from '../src/settings/settings.ts';

it('every setting stands in the table of docs/operations.md, with its variable', async () => {
  const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const rows = SETTING_KEYS.map((key) => `| \`${SETTINGS[key].flag.split(' ')[0]}\` | \`${SETTINGS[key].env}\` |`);
  expect(rows.filter((row) => !text.includes(row))).toEqual([]);
});
