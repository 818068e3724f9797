import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dumpOf, PASSWORD, twoEnvironments } from './two-environments.ts';

const README = new URL('../../README.md', import.meta.url);
/** Shell blocks that stand under a `tour` mark; the one with the addresses is marked as set-up. */
const TOUR = /<!-- tour(: setup)? -->\n```sh\n([^]*?)```/g;

describe('the tour of the README', () => {
  it('runs as written, and leaves the target as it was', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const before = await dumpOf(prod);
    const blocks = [...(await readFile(README, 'utf8')).matchAll(TOUR)];
    expect(blocks.filter((block) => block[1])).toHaveLength(1);
    const steps = blocks.filter((block) => !block[1]).map((block) => block[2] ?? '');
    const setup = [
      'set -eu',
      `DEV='${dev.running.url}'`,
      `PROD='${prod.running.url}'`,
      `DEV_PASSWORD='${PASSWORD}'`,
      `PROD_PASSWORD='${PASSWORD}'`,
    ];
    const script = [...setup, ...steps, 'echo "ID=$ID"'].join('\n');
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { timeout: 50_000 });
    expect(stdout).toContain('"status":"importing"');
    expect(stdout).toContain('"status":"undoing"');
    expect(stdout).toMatch(/ID=[0-9A-F]{32}:[0-9A-F]{32}/);
    expect(await dumpOf(prod)).toBe(before);
    for (const server of [dev, prod]) expect((await server.client.migrations.list()).total).toBe(0);
  });
});
