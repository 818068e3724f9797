import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SETTING_KEYS, SETTINGS } from '../../packages/cli/src/settings/settings.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const UNITS = ['longshore@.service', 'longshore-worker@.service'];
const ANALYZE = '/usr/bin/systemd-analyze';

const known = new Set([...SETTING_KEYS.map((key) => SETTINGS[key].env), 'LONGSHORE_CONFIG']);

describe('what is there to start from', () => {
  it('names only settings that there are', async () => {
    const files = (await readdir(DEPLOY, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), 'utf8');
      const unknown = [...text.matchAll(/LONGSHORE_[A-Z0-9_]+/g)]
        .map(([word]) => word)
        .filter((word) => !known.has(word));
      expect([name, unknown]).toEqual([name, []]);
    }
  });

  it('starts every process of the composition with a data folder of its own', async () => {
    const text = await readFile(join(DEPLOY, 'compose.yaml'), 'utf8');
    expect(text).not.toContain('\t');
    const volumes = [...text.matchAll(/- ([a-z0-9-]+):\/var\/lib\/longshore$/gm)].map(([, name]) => name);
    expect(volumes).toEqual(['api-1', 'api-2', 'worker-1', 'worker-2']);
  });

  it.each(UNITS)('has a unit %s with what must be in it', async (unit) => {
    const text = await readFile(join(DEPLOY, 'systemd', unit), 'utf8');
    expect(text.match(/^\[.*\]$/gm)).toEqual(['[Unit]', '[Service]', '[Install]']);
    const stop = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]);
    expect(stop).toBeGreaterThan(SETTINGS.drainDelay.fallback + SETTINGS.drainTimeout.fallback);
    // The command is no part of npm; where it is there, it has the last word.
    if (existsSync(ANALYZE)) expect(await verify(unit, text)).toEqual([0, '']);
  });
});

async function verify(unit: string, text: string): Promise<[number | null, string]> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-units-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const instance = join(folder, unit.replace('@', '@prod'));
  // Nothing is installed where the unit says.
  await writeFile(instance, text.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const { status, stderr } = spawnSync(ANALYZE, ['verify', '--man=no', instance], { encoding: 'utf8' });
  return [status, stderr];
}
