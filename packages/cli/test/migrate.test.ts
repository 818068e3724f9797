import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStandIn, type StandIn, type StandInOptions } from '../../client/test/library-stand-in.ts';
import { recordingIo, run, type Ran, type RecordingOptions } from './recording-io.ts';

const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';
const env = { LONGSHORE_SOURCE_PASSWORD: 'secret', LONGSHORE_TARGET_PASSWORD: 'secret' };

let folder: string;
const running: StandIn[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-cli-'));
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function standIn(options?: StandInOptions): Promise<StandIn> {
  const server = await startStandIn(options);
  running.push(server);
  return server;
}

/** Two servers and a run of `longshore migrate` between them. */
async function pair(source: StandInOptions = {}, target: StandInOptions = {}) {
  const from = await standIn(source);
  const to = await standIn(target);
  const argv = ['migrate', '--source', from.url, '--target', to.url, '--project', PROJECT, '--object', `${YEAR}:12`];
  const migrate = (more: readonly string[] = [], options: RecordingOptions = {}): Promise<Ran> =>
    run([...argv, ...more], recordingIo({ env, ...options }));
  return { from, to, migrate };
}

const changes = (server: StandIn): string[] =>
  server.calls
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/migrations'))
    .map(({ method, body }) => `${method} ${requestOf(body)}`.trim());

const requestOf = (body: unknown): string => {
  const info = (body as { importInfo?: Record<string, string> } | undefined)?.importInfo ?? {};
  return info['undoRequestStatus'] ?? info['importRequestStatus'] ?? '';
};

describe('longshore migrate', () => {
  it('walks from login to the imported package and tells each state in a line', async () => {
    const { from, to, migrate } = await pair();
    const { code, out, err } = await migrate(['--default-action', 'replace', '--name', 'Year']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(changes(from)).toEqual(['POST', 'PATCH requested', 'PATCH approved']);
    expect(changes(to).map((change) => change.split(' ')[0])).toEqual(['PUT']);
    const lines = out.trim().split('\n');
    const id = /[0-9A-F]{32}:[0-9A-F]{32}/.exec(out)?.[0] ?? '';
    expect(lines).toEqual([
      `source ${from.url}: logged in as Administrator`,
      `target ${to.url}: logged in as Administrator`,
      `source ${id} package: creating`,
      `source ${id} package: created`,
      `source ${id} package: created (import requested)`,
      `source ${id} package: locked (import approved)`,
      `target ${id} import: importing (1 object, 2.0 kB)`,
      `target ${id} import: imported`,
      `Migration ${id}: imported on ${to.url}, 1 object, 2.0 kB.`,
      `To undo it: longshore migrate undo --target ${to.url} --id ${id}`,
    ]);
    const create = from.calls.find(({ method, path }) => method === 'POST' && path === '/migrations');
    expect(create?.body).toMatchObject({
      packageInfo: {
        type: 'project',
        name: 'Year',
        environment: { id: from.url },
        tocView: {
          settings: { defaultAction: 'replace', aclOnReplacingObjects: 'use_existing' },
          content: [{ id: YEAR, type: 12, includeDependents: false }],
        },
      },
      importInfo: { environment: { id: to.url }, project: { id: PROJECT, name: 'MicroStrategy Tutorial' } },
    });
    expect([from, to].map(({ calls }) => calls.at(-1)?.path)).toEqual(['/auth/logout', '/auth/logout']);
  });

  it('prints exactly one JSON document on standard output, and progress on standard error', async () => {
    const { from, to, migrate } = await pair();
    const { code, out, err } = await migrate(['--json', '--delete']);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      exitCode: 0,
      command: 'migrate',
      source: from.url,
      target: to.url,
      package: { status: 'locked', objects: 1, size: 2048 },
      import: { status: 'imported', undoPackage: 'present' },
      deletedOn: [from.url, to.url],
      warnings: [],
    });
    expect(err).toContain('import: imported');
  });

  it('undoes right after the import when it is a rehearsal', async () => {
    const { to, migrate } = await pair();
    const { code, out } = await migrate(['--undo', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ import: { status: 'undo_success' }, deletedOn: [] });
    expect(changes(to).slice(1)).toEqual(['PATCH requested', 'PATCH approved']);
    const approved = to.calls.findLast(({ method }) => method === 'PATCH');
    expect(approved?.headers['x-mstr-projectid']).toBe(PROJECT);
  });

  it.each([
    { flags: [], query: {} },
    { flags: ['--no-undo'], query: { generateUndo: 'false' } },
  ])('asks for an undo package unless told not to: $flags', async ({ flags, query }) => {
    const { to, migrate } = await pair();
    await migrate(flags);
    expect(to.calls.find(({ method }) => method === 'PUT')?.query).toEqual(query);
    expect(changes(to)).toHaveLength(1);
  });

  it('uses one login for source and target on the same server, and deletes there once', async () => {
    const server = await standIn();
    const io = recordingIo({ env: { LONGSHORE_SOURCE_PASSWORD: 'secret' } });
    const argv = ['migrate', '--source', server.url, '--target', `${server.url}/`, '--project', PROJECT, '--delete'];
    const { code } = await run([...argv, '--object', `${YEAR}:12`], io);
    expect(code).toBe(0);
    expect(changes(server).filter((change) => change.startsWith('DELETE'))).toHaveLength(1);
  });

  it('sends no project for a configuration package', async () => {
    const from = await standIn();
    const to = await standIn();
    const argv = ['migrate', '--source', from.url, '--target', to.url, '--type', 'configuration'];
    const { code } = await run([...argv, '--object', `${YEAR}:34`], recordingIo({ env }));
    expect(code).toBe(0);
    for (const { headers } of [...from.calls, ...to.calls]) expect(headers['x-mstr-projectid']).toBeUndefined();
    expect(to.calls.find(({ method }) => method === 'PUT')?.body).not.toHaveProperty('importInfo.project');
  });

  it('joins the files of --config and --content with --object, and flags win over the settings of the file', async () => {
    writeFileSync(
      join(folder, 'toc.json'),
      JSON.stringify({
        settings: { defaultAction: 'replace', updateSchema: [] },
        content: [{ id: 'A'.repeat(32), type: 4 }],
      }),
    );
    writeFileSync(join(folder, 'content.json'), JSON.stringify([{ id: 'B'.repeat(32), type: 8 }]));
    const { from, migrate } = await pair();
    const more = ['--config', 'toc.json', '--content', 'content.json', '--default-action', 'use_newer'];
    const { code } = await migrate([...more, '--update-schema', 'recal_table_logical_size'], { cwd: folder });
    expect(code).toBe(0);
    const create = from.calls.find(({ method, path }) => method === 'POST' && path === '/migrations');
    expect(create?.body).toMatchObject({
      packageInfo: {
        tocView: {
          settings: { defaultAction: 'use_newer', updateSchema: ['recal_table_logical_size'] },
          content: [{ type: 4 }, { type: 8 }, { type: 12 }],
        },
      },
    });
  });

  it('imports an existing package once more without asking again', async () => {
    const { from, to, migrate } = await pair();
    const first = JSON.parse((await migrate(['--json'])).out) as { package: { id: string } };
    const argv = ['migrate', '--source', from.url, '--target', to.url, '--project', PROJECT];
    const { code, out } = await run([...argv, '--reuse', first.package.id, '--json'], recordingIo({ env }));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ package: { id: first.package.id }, import: { status: 'imported' } });
    expect(changes(from).filter((change) => change.startsWith('PATCH'))).toHaveLength(2);
  });

  it('tells the progress of a long phase every ten seconds', async () => {
    let time = 0;
    const { migrate } = await pair({ polls: 6 });
    const { out } = await migrate([], { now: () => (time += 4000) });
    const told = out.split('\n').filter((line) => line.startsWith('Creating package:'));
    expect(told).toEqual(['Creating package: 99 %', 'Creating package: 99 %']);
  });
});

describe('what goes wrong', () => {
  it.each([
    { step: 'creating', source: { createFails: 'Object X has vanished.' }, target: {}, status: 'create_failed' },
    { step: 'importing', source: {}, target: { importFails: 'Metric Y needs Z.' }, status: 'import_failed' },
    { step: 'undoing', source: {}, target: { undoFails: 'Report W uses it.' }, status: 'undo_failed' },
  ])('ends with 3 and the server’s message when $step fails', async ({ source, target, status }) => {
    const { migrate } = await pair(source, target);
    const { code, out, err } = await migrate(['--undo', '--json']);
    const message = Object.values({ ...source, ...target })[0];
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      exitCode: 3,
      error: { message: expect.stringContaining(message) },
    });
    expect(JSON.stringify(JSON.parse(out).migration)).toContain(status);
    expect(err).toContain(message);
  });

  it('ends with 3 on a refusal, and names the ticket', async () => {
    const refuse = { 'PUT /migrations': { status: 400, code: 'ERR006', message: 'The path is not in the store.' } };
    const { migrate } = await pair({}, { refuse });
    const { code, err } = await migrate();
    expect(code).toBe(3);
    expect(err).toContain('error: The path is not in the store.');
    expect(err).toContain('400 ERR006, ticket c0ffee');
  });

  it.each<{ what: string; env: Record<string, string>; refuse: StandInOptions['refuse'] & object }>([
    { what: 'a wrong password', env: { ...env, LONGSHORE_TARGET_PASSWORD: 'wrong' }, refuse: {} },
    {
      what: 'a missing right',
      env,
      refuse: {
        'POST /migrations': { status: 403, code: 'ERR014', message: 'You do not have Create package privilege(s).' },
      },
    },
  ])('ends with 4 on $what', async ({ env: given, refuse }) => {
    const { migrate } = await pair({ refuse });
    expect((await migrate([], { env: given })).code).toBe(4);
  });

  it('ends with 5 when a server cannot be reached', async () => {
    const { to, migrate } = await pair();
    await to.close();
    const { code, out } = await migrate(['--json']);
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      exitCode: 5,
      error: { message: expect.stringContaining(to.url) },
    });
  });

  it.each([
    { argv: ['--object', 'nonsense'], says: 'Expected ID:TYPE' },
    { argv: ['--object', `${YEAR}:12:overwrite`], says: '"overwrite" is no conflict rule' },
    { argv: ['--default-action', 'overwrite'], says: 'Allowed choices are' },
    { argv: ['--reuse', YEAR], says: 'cannot be used with option' },
    { argv: ['--keep', '--delete'], says: 'cannot be used with option' },
    { argv: ['--unknown'], says: "unknown option '--unknown'" },
    { argv: ['--config', 'missing.json'], says: 'cannot be read' },
    { argv: ['--type', 'configuration'], says: 'belongs to no project' },
    { argv: ['--source-password', 'a', '--source-api-token', 'b'], says: 'Give only one of' },
    { argv: ['--target', 'nowhere'], says: 'is no Library URL' },
  ])('ends with 2 before any call: $argv', async ({ argv, says }) => {
    const { from, to, migrate } = await pair();
    const { code, out, err } = await migrate([...argv, '--json']);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(JSON.parse(out)).toMatchObject({ ok: false, exitCode: 2, error: { message: expect.any(String) } });
    expect([...from.calls, ...to.calls]).toEqual([]);
  });

  it.each([
    {
      missing: 'password',
      argv: ['--source', 'http://a/x', '--target', 'http://b/x'],
      says: 'LONGSHORE_SOURCE_PASSWORD',
    },
    { missing: 'source', argv: ['--target', 'http://b/x'], says: '--source' },
    { missing: 'content', argv: [], object: [], says: 'What shall be moved?' },
  ])('says what is missing: $missing', async ({ argv, object, says }) => {
    const content = object ?? ['--object', `${YEAR}:12`];
    const { code, err } = await run(['migrate', '--project', PROJECT, ...content, ...argv], recordingIo());
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});

describe('an interruption', () => {
  it.each([
    { phase: 'create', source: { stuck: 'create' as const }, target: {}, says: `--project ${PROJECT} --reuse` },
    { phase: 'import', source: {}, target: { stuck: 'import' as const }, says: 'The import goes on' },
  ])('while waiting for the $phase ends with 130 and says how to go on', async ({ phase, source, target, says }) => {
    const { from, to } = await pair(source, target);
    const io = recordingIo({
      env,
      onOutput: (text) => {
        if (text.includes(phase === 'create' ? 'package: creating' : 'import: importing'))
          setImmediate(() => io.interrupt());
      },
    });
    const argv = ['migrate', '--source', from.url, '--target', to.url, '--project', PROJECT, '--json'];
    const { code, out, err } = await run([...argv, '--object', `${YEAR}:12`], io);
    expect(code).toBe(130);
    expect(err).toContain(says);
    expect(err).toContain('longshore migrate status');
    expect(JSON.parse(out)).toMatchObject({ ok: false, exitCode: 130, migration: { phase } });
    expect([from, to].map(({ calls }) => calls.at(-1)?.path)).toEqual(['/auth/logout', '/auth/logout']);
  });
});

describe('longshore migrate undo and status', () => {
  it('undoes an import by its id, and says so a second time without doing it again', async () => {
    const { to, migrate } = await pair();
    const { id } = JSON.parse((await migrate(['--json'])).out) as { id: string };
    const undo = (): Promise<Ran> =>
      run(['migrate', 'undo', '--target', to.url, '--id', id.toLowerCase(), '--json'], recordingIo({ env }));
    const first = await undo();
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ command: 'migrate undo', id, import: { status: 'undo_success' } });
    const before = changes(to).length;
    expect((await undo()).code).toBe(0);
    expect(changes(to)).toHaveLength(before);
  });

  it('shows both sides of a migration', async () => {
    const { from, to, migrate } = await pair();
    const { id } = JSON.parse((await migrate(['--json'])).out) as { id: string };
    const argv = ['migrate', 'status', '--source', from.url, '--target', to.url, '--id', id];
    const shown = JSON.parse((await run([...argv, '--json'], recordingIo({ env }))).out) as { migrations: object[] };
    expect(shown.migrations).toMatchObject([
      { side: 'source', id, packageStatus: 'locked', importStatus: 'pending', importRequestStatus: 'approved' },
      { side: 'target', id, packageStatus: 'locked', importStatus: 'imported' },
    ]);
    const text = await run(argv, recordingIo({ env }));
    expect(text.out).toContain(`target ${id}`);
    expect(text.out).toContain('import imported 100 %');
  });

  it('lists the latest of one side, and ends with 3 for an id that no side knows', async () => {
    const { to, migrate } = await pair();
    await migrate();
    const list = await run(['migrate', 'status', '--target', to.url, '--json'], recordingIo({ env }));
    expect((JSON.parse(list.out) as { migrations: object[] }).migrations).toHaveLength(1);
    const id = `${'C'.repeat(32)}:${'D'.repeat(32)}`;
    const none = await run(['migrate', 'status', '--target', to.url, '--id', id], recordingIo({ env }));
    expect(none.code).toBe(3);
  });
});

describe('on a terminal', () => {
  it('draws a bar per phase, and colours only where they are welcome', async () => {
    const { migrate } = await pair({ polls: 3 }, { polls: 3 });
    const plain = await migrate([], { terminal: 'yes', env: { ...env, NO_COLOR: '1' } });
    expect(plain.out).toContain('Creating package [');
    expect(plain.out).toContain('Importing [');
    expect(plain.out).not.toContain('\u001B[32m');
    const coloured = await migrate([], { terminal: 'yes' });
    expect(coloured.out).toContain('\u001B[32m');
  });
});
