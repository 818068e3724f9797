import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { downloadName } from './send-file.ts';

const ID = '35958BEB7C56491C9A43F7661501E177';

test('a file name needs no quotes and leads nowhere, whatever a package is called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const name = downloadName(text, ID);
      expect(name).toMatch(/^[A-Za-z0-9-][A-Za-z0-9._-]*\.mmp$/);
      expect(name.length).toBeLessThanOrEqual(104);
    }),
  );
});

test.each([
  ['Year', 'Year.mmp'],
  ['Year.mmp', 'Year.mmp'],
  ['Sales 2024 (final)', 'Sales_2024_final.mmp'],
  ['Größe', 'Große.mmp'.replace('ß', '_')],
  ['../../etc/passwd', 'etc_passwd.mmp'],
  ['.hidden', 'hidden.mmp'],
  ['売上', `${ID}.mmp`],
  ['', `${ID}.mmp`],
  ['a\r\nSet-Cookie: x=1', 'a_Set-Cookie_x_1.mmp'],
])('%j is downloaded as %s', (text, expected) => {
  expect(downloadName(text, ID)).toBe(expected);
});
