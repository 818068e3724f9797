import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { startStandIn, type StandIn } from '../../client/test/library-stand-in.ts';

const BIN = fileURLToPath(new URL('../bin/longshore.js', import.meta.url));
const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';
const env = { ...process.env, LONGSHORE_SOURCE_PASSWORD: 'secret', LONGSHORE_PASSWORD: 'secret', NO_COLOR: '1' };

const running: StandIn[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

function longshore(...argv: string[]): {
  child: ChildProcess;
  ended: Promise<{ code: number; out: string; err: string }>;
} {
  const child = spawn(process.execPath, [BIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, out, err }));
  return { child, ended };
}

describe('the longshore program', () => {
  it('prints help with the exit codes, and ends with 0', async () => {
    const { code, out } = await longshore('--help').ended;
    expect(code).toBe(0);
    expect(out).toContain('Usage: longshore');
    expect(out).toContain('server not reachable');
  });

  it('passes the exit code and both streams on', async () => {
    const { code, out, err } = await longshore('migrate', '--json').ended;
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, exitCode: 2 });
    expect(err).toContain('Which project?');
  });

  it('stops waiting at Ctrl-C, also when it arrives twice, with 130 and one document', async () => {
    const server = await startStandIn({ stuck: 'create' });
    running.push(server);
    const argv = [
      '--source',
      server.url,
      '--target',
      server.url,
      '--project',
      'A'.repeat(32),
      '--object',
      `${YEAR}:12`,
    ];
    const { child, ended } = longshore('migrate', ...argv, '--json');
    while (!server.calls.some(({ method, path }) => method === 'GET' && path.startsWith('/migrations/'))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ ok: false, exitCode: 130, migration: { phase: 'create' } });
    expect(err).toContain('longshore migrate --source');
  });

  it('writes a dump to standard output byte by byte', async () => {
    const dump = `${'x'.repeat(99)}\n`.repeat(5000);
    const server = await startStandIn({ dump });
    running.push(server);
    const { code, out } = await longshore('dump', '--url', server.url).ended;
    expect(code).toBe(0);
    expect(out).toBe(dump);
  });
});
