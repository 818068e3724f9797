import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requireGuid, sharedFileId } from './shared-file-id.ts';

const guid = fc.stringMatching(/^[0-9A-F]{32}$/);

test('the id of a file fits into a path as it is, and leads back to its guid', () => {
  fc.assert(
    fc.property(guid, (value) => {
      const id = sharedFileId('migrations.packages', value);
      expect(id).toMatch(/^[A-Za-z0-9]+==$/);
      expect(requireGuid(id)).toBe(value);
    }),
  );
});

test('text that is no id of a file is not found', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      expect(() => requireGuid(text)).toThrow('is not found');
    }),
  );
  const id = sharedFileId('migrations.packages', 'A'.repeat(32));
  for (const near of [id.slice(0, -1), `${id}=`, ` ${id}`, id.replace('==', '=='.replace('=', '-'))]) {
    expect(() => requireGuid(near)).toThrow('is not found');
  }
});
