import * as fc from 'fast-check';
import { isAbsolute, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  certificationPath,
  findStorePath,
  holderPath,
  holderUndoPath,
  packagePath,
  parseStorePath,
  undoPath,
  validationPath,
} from './store-path.ts';

const ID = '35958BEB7C56491C9A43F7661501E177';
const OTHER_ID = 'B71E7ECF60104A62BA15625C444A623F';

describe('a path of the store', () => {
  test.each([
    [packagePath('2022-03-16', ID), `mstr/shared/migrations/packages/2022-03-16/${ID}.mmp`],
    [undoPath(ID, OTHER_ID), `mstr/shared/migrations/undo/${ID}/${OTHER_ID}.mmp`],
    [validationPath(ID, OTHER_ID), `mstr/shared/migrations/validation/${ID}/${OTHER_ID}.json`],
    [certificationPath(ID, OTHER_ID), `mstr/shared/migrations/certification/${ID}/${OTHER_ID}.json`],
    [holderPath(ID), `mstr/shared/packages/files/${ID}.mmp`],
    [holderUndoPath(ID), `mstr/shared/packages/undo/${ID}.mmp`],
  ])('%s has a known shape', (path, text) => {
    expect([path, parseStorePath(text)]).toEqual([text, text]);
  });

  test.each([
    '',
    '/etc/passwd',
    `/mstr/shared/migrations/packages/2022-03-16/${ID}.mmp`,
    `mstr/shared/migrations/packages/2022-03-16/${ID}.mmp\n`,
    `mstr/shared/migrations/packages/2022-03-16/${ID}.mmp\0`,
    `mstr/shared/migrations/packages/2022-13-16/${ID}.mmp`,
    `mstr/shared/migrations/packages/../${ID}.mmp`,
    `mstr/shared/migrations/packages/2022-03-16/../../undo/${ID}/${ID}.mmp`,
    `mstr\\shared\\migrations\\packages\\2022-03-16\\${ID}.mmp`,
    `mstr/shared/migrations/packages/2022-03-16/${ID.toLowerCase()}.mmp`,
    `mstr/shared/migrations/packages/2022-03-16/${ID}.json`,
    `mstr/shared/migrations/validation/${ID}/${ID}.mmp`,
    `mstr/shared/packages/${ID}.mmp`,
    `mstr/shared/packages/files/../${ID}.mmp`,
    `x/mstr/shared/packages/files/${ID}.mmp`,
    `mstr/shared/packages/undo/${ID}.mmp/..`,
    `mstr/shared/migrations//packages/2022-03-16/${ID}.mmp`,
    `mstr/.incoming/dev/1.part`,
  ])('%j has none', (text) => {
    expect(findStorePath(text)).toBeUndefined();
    expect(() => parseStorePath(text)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  test('never leads out of the store, whatever the text', () => {
    const part = fc.constantFrom(
      'mstr',
      'shared',
      'migrations',
      'packages',
      'undo',
      '..',
      '.',
      '',
      ID,
      `${ID}.mmp`,
      '2022-03-16',
      '\\',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = findStorePath(parts.join('/'));
        if (path === undefined) return;
        expect([isAbsolute(path), normalize(path)]).toEqual([false, path]);
        expect(join('/store', path).startsWith('/store/mstr/shared/migrations/')).toBe(true);
      }),
      { numRuns: 2000, examples: [[['mstr', 'shared', 'migrations', 'packages', '2022-03-16', `${ID}.mmp`]]] },
    );
  });

  test('is not made from ids that are none', () => {
    expect(() => undoPath('..', ID)).toThrow('not a path of the shared file store');
    expect(() => packagePath('today', ID)).toThrow('not a path of the shared file store');
  });
});
