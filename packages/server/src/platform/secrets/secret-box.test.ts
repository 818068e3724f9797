import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecretBox, type SecretBox } from './secret-box.ts';

async function aBox(): Promise<{ box: SecretBox; folder: string; keyFile: string; again: () => SecretBox }> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'secrets.key');
  const again = (): SecretBox => createSecretBox({ keyFile, random: randomBytes });
  return { box: again(), folder, keyFile, again };
}

describe('a box of secrets', () => {
  test('opens what it has sealed, also after a restart', async () => {
    const { box, again } = await aBox();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (secret) => {
        const sealed = await box.seal('key', secret);
        // Text that is no Unicode does not survive UTF-8 in any place of the server.
        expect(await again().open('key', sealed)).toBe(secret.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  test('makes one key, readable by its owner only, when the first secret is sealed', async () => {
    const { box, folder, keyFile } = await aBox();
    expect(await readdir(folder)).toEqual([]);
    const sealed = await Promise.all(Array.from({ length: 5 }, () => box.seal('key', 'the same')));
    expect(await readdir(folder)).toEqual(['secrets.key']);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(new Set(sealed.map(({ keyId }) => keyId)).size).toBe(1);
    expect(new Set(sealed.map(({ data }) => data)).size).toBe(5);
    const key = await readFile(keyFile, 'utf8');
    expect(JSON.stringify(sealed)).not.toContain(key.trim());
  });

  test('does not open what was changed, or sealed under another name', async () => {
    const { box } = await aBox();
    const sealed = await box.seal('awsSecretKey', 'secret');
    await expect(box.open('azureSecretKey', sealed)).rejects.toThrow();
    const flip = (text: string): string => {
      const bytes = Buffer.from(text, 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    for (const part of ['iv', 'tag', 'data'] as const) {
      await expect(box.open('awsSecretKey', { ...sealed, [part]: flip(sealed[part]) })).rejects.toThrow();
    }
    const short = Buffer.from(sealed.tag, 'base64').subarray(0, 4).toString('base64');
    await expect(box.open('awsSecretKey', { ...sealed, tag: short })).rejects.toThrow();
  });

  test('says which key is missing', async () => {
    const { box, keyFile } = await aBox();
    const sealed = await box.seal('key', 'secret');
    await writeFile(keyFile, `${Buffer.alloc(32).toString('base64')}\n`);
    await expect(box.open('key', sealed)).rejects.toThrow(sealed.keyId);
    await rm(keyFile);
    await expect(box.open('key', sealed)).rejects.toThrow('is missing');
  });

  test('never replaces a key file that it cannot read', async () => {
    const { box, keyFile } = await aBox();
    await writeFile(keyFile, 'half a key');
    await chmod(keyFile, 0o600);
    await expect(box.seal('key', 'secret')).rejects.toThrow('does not hold a key');
    expect(await readFile(keyFile, 'utf8')).toBe('half a key');
  });
});
