import { describe, expect, it } from 'vitest';
import { hashFile } from './hash-file.ts';

describe('the digest of a file', () => {
  it.each([0, 1, 63, 64, 200_000])('of %i bytes is that of the platform, and progress ends at 100', async (size) => {
    const bytes = new Uint8Array(size).map((_, index) => index % 251);
    const seen: number[] = [];
    const digest = await hashFile(new Blob([bytes]), (percent) => seen.push(percent));
    const expected = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    expect(digest).toBe([...expected].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    expect(seen.at(-1) ?? 100).toBe(100);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});
