import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);

/** A heap of 48 MB cannot hold the 400 MB of lines, nor their strings; the process would end in an out-of-memory abort. */
async function probe(mode: 'write' | 'read', file: string): Promise<{ objects: number; maxRssMiB: number }> {
  const script = join(import.meta.dirname, 'memory-probe.ts');
  const { stdout } = await run(process.execPath, ['--max-old-space-size=48', script, mode, file]);
  return JSON.parse(stdout) as { objects: number; maxRssMiB: number };
}

test('a package many times the heap is written and read in bounded memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-package-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'large.mmp');
  const written = await probe('write', file);
  expect((await stat(file)).size).toBeGreaterThan(140_000_000);
  const read = await probe('read', file);
  expect([written.objects, read.objects]).toEqual([400_000, 400_000]);
  // Buffers live outside that heap. Some 300 MB is where both settle; to keep the file alone would add 150 MB to it.
  expect(written.maxRssMiB).toBeLessThan(400);
  expect(read.maxRssMiB).toBeLessThan(400);
});
