import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A folder that is gone when the process ends, also when it is stopped: the data of a large size takes many gigabytes. */
export function scratchFolder(name: string, parent: string = tmpdir()): string {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `longshore-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of SIGNALS) process.on(signal, () => process.exit(128 + constants.signals[signal]));
  return folder;
}
