import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStandIn, type StandIn } from '../../client/test/library-stand-in.ts';
import { noServices, recordingIo, run } from './recording-io.ts';

const LINES = '{"kind":"project","id":"P"}\n{"kind":"object","id":"A"}\n{"kind":"object","id":"B"}\n';
const env = { LONGSHORE_PASSWORD: 'secret' };

let folder: string;
let server: StandIn;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-cli-'));
  server = await startStandIn({ dump: LINES });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('longshore load', () => {
  it('sends a file and tells the counts', async () => {
    writeFileSync(join(folder, 'objects.ndjson'), LINES);
    const io = recordingIo({ env, cwd: folder });
    const { code, out, err } = await run(['load', 'objects.ndjson', '--url', server.url], io);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Loaded 2 objects (2 new, 0 changed), 1 project, ${LINES.length} bytes into ${server.url}.`);
    expect(server.calls.find(({ path }) => path === '/longshore/metadata')?.body).toBe(LINES);
  });

  it('reads standard input for -, and prints one document with --json', async () => {
    const io = recordingIo({ env, stdin: LINES });
    const { code, out } = await run(['load', '-', '--url', server.url, '--json'], io);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, command: 'load', projects: 1, objects: 2, bytes: LINES.length });
  });

  it('draws the bytes that have gone on a terminal', async () => {
    writeFileSync(join(folder, 'objects.ndjson'), LINES);
    const io = recordingIo({ env, cwd: folder, terminal: 'yes' });
    const { out } = await run(['load', 'objects.ndjson', '--url', server.url], io);
    expect(out).toContain('Loading [');
    expect(out).toContain(`${LINES.length} bytes of ${LINES.length} bytes`);
  });

  it('ends with 3 and the line that the server refuses', async () => {
    const io = recordingIo({ env, stdin: '{}\nbad\n' });
    const { code, err } = await run(['load', '-', '--url', server.url], io);
    expect(code).toBe(3);
    expect(err).toContain('error: Line 2: not a JSON object.');
  });

  it('ends with 2 for a file that is not there, before it logs in', async () => {
    const { code, err } = await run(['load', 'nothing', '--url', server.url], recordingIo({ env, cwd: folder }));
    expect(code).toBe(2);
    expect(err).toContain('nothing cannot be read');
    expect(server.calls).toEqual([]);
  });

  it('reads the password from a file', async () => {
    writeFileSync(join(folder, 'password'), 'secret\n');
    const io = recordingIo({ cwd: folder, stdin: LINES });
    const { code } = await run(['load', '-', '--url', server.url, '--password-file', 'password'], io);
    expect(code).toBe(0);
  });
});

describe('longshore dump', () => {
  it('writes to standard output, and the counts elsewhere', async () => {
    const { code, out, err } = await run(['dump', '--url', server.url], recordingIo({ env }));
    expect({ code, out }).toEqual({ code: 0, out: LINES });
    expect(err).toBe(`Dumped 3 lines, ${LINES.length} bytes.\n`);
  });

  it('writes one project to a file', async () => {
    const io = recordingIo({ env: { LONGSHORE_URL: server.url, LONGSHORE_API_TOKEN: 'token-of-secret' }, cwd: folder });
    const { code, out } = await run(['dump', '--project', 'P', '--output', 'dump.ndjson'], io);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(readFileSync(join(folder, 'dump.ndjson'), 'utf8')).toBe(LINES);
    expect(server.calls.find(({ path }) => path === '/longshore/metadata')?.query).toEqual({ projectId: 'P' });
  });

  it('ends with 2 where no file can be written', async () => {
    const io = recordingIo({ env: { LONGSHORE_URL: server.url, LONGSHORE_API_TOKEN: 'token-of-secret' }, cwd: folder });
    const { code, err } = await run(['dump', '--output', join('missing', 'dump.ndjson')], io);
    expect(code).toBe(2);
    expect(err).toMatch(/The file .*dump\.ndjson cannot be written \(ENOENT\)/);
  });

  it('leaves an earlier file alone when the dump breaks off, and ends with 5', async () => {
    const broken = createServer((request, response) => {
      if (request.url?.endsWith('/auth/login')) return void response.end('{"X-MSTR-AuthToken":"t"}');
      response.writeHead(200).write(LINES);
      return void setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    writeFileSync(join(folder, 'dump.ndjson'), 'earlier');
    const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const io = recordingIo({ env, cwd: folder });
    const { code, err } = await run(['dump', '--url', url, '--output', 'dump.ndjson'], io);
    broken.close();
    expect(code).toBe(5);
    expect(err).toContain('broke off the dump');
    expect(readdirSync(folder)).toEqual(['dump.ndjson']);
    expect(readFileSync(join(folder, 'dump.ndjson'), 'utf8')).toBe('earlier');
  });
});

describe('longshore generate', () => {
  const services = {
    ...noServices,
    async generateProject({ objects, seed }: { objects: number; seed: number }) {
      return Array.from({ length: objects }, (_, n) => `{"seed":${seed},"n":${n}}`);
    },
  };

  it('writes the lines of a project', async () => {
    const { code, out, err } = await run(['generate', '--objects', '2', '--seed', '7'], recordingIo(), services);
    expect(code).toBe(0);
    expect(out).toBe('{"seed":7,"n":0}\n{"seed":7,"n":1}\n');
    expect(err).toBe('Generated 2 lines.\n');
  });

  it('writes a file in pieces', async () => {
    const io = recordingIo({ cwd: folder });
    const { code } = await run(['generate', '--objects', '30000', '--output', 'big.ndjson'], io, services);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'big.ndjson'), 'utf8').split('\n')).toHaveLength(30_001);
  });

  it('makes the same project of the same numbers, and another variant of it', async () => {
    const make = async (...argv: string[]) => (await run(['generate', '--objects', '20', ...argv], recordingIo())).out;
    expect(await make('--project', 'a'.repeat(32))).toContain('A'.repeat(32));
    expect(await make()).toBe(await make());
    expect((await make()).split('\n')).toHaveLength(22);
    expect(await make('--variant', '1')).not.toBe(await make());
  });

  it.each([[['--objects', '0']], [['--objects', 'many']], [[]]])('ends with 2 for %j', async (argv) => {
    const io = recordingIo({ cwd: folder });
    expect((await run(['generate', ...argv, '--output', 'none'], io, services)).code).toBe(2);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
