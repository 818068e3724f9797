import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Memory as a folder, on Linux. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 * 2 ** 30;

/**
 * What tests wait for is mostly the disk, which has to confirm every commit, and the same TypeScript being stripped
 * again in every process and thread. So the databases and stores of tests are made in memory where there is enough of
 * it, and what was compiled is kept. No test asserts what only a disk can prove: processes that are killed are tried in
 * test/crash, on the disk. A TMPDIR or NODE_COMPILE_CACHE that is set already stays.
 */
export function speedUpTests(): void {
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));
  if (process.env['TMPDIR'] !== undefined || !hasMemoryFolder()) return;
  const folder = mkdtempSync(`${MEMORY}/longshore-`);
  // PostgreSQL runs as another user where the tests run as root, and has to get through to its own folder.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}

function hasMemoryFolder(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}
