import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingIo, run, type Ran, type RecordingOptions } from '../../packages/cli/test/recording-io.ts';
import {
  createdPackage,
  dumpOf,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  YEAR,
  type TwoEnvironments,
} from './two-environments.ts';

let pair: TwoEnvironments;
let before: string;
beforeAll(async () => {
  pair = await twoEnvironments();
  before = await dumpOf(pair.prod);
});
afterAll(() => pair[Symbol.asyncDispose]());

const env = { LONGSHORE_SOURCE_PASSWORD: PASSWORD, LONGSHORE_TARGET_PASSWORD: PASSWORD };

/** Runs the command between the two environments. */
function longshore(args: readonly string[], options: RecordingOptions = {}): Promise<Ran> {
  const urls = ['--source', pair.dev.running.url, '--target', pair.prod.running.url];
  return run([...args, ...urls], recordingIo({ env, ...options }));
}

const year = (rule: string): string[] => ['--project', PROJECT, '--object', `${YEAR}:12:${rule}`];
const packagesOnSource = async (): Promise<number> => (await pair.dev.client.migrations.list({ limit: 1 })).total;

describe('longshore plan', () => {
  it('prints what an import would do, sums it up, and leaves nothing behind', async () => {
    const { code, out, err } = await longshore(['plan', ...year('replace+deps'), '--default-action', 'replace']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Plan for ${pair.prod.running.url}, nothing is changed yet:`);
    expect(out).toMatch(/~ attribute \/MicroStrategy Tutorial\/.*\/Year \[DIFF, replace\] 8D679D51/);
    expect(out.trim().split('\n').at(-1)).toMatch(
      /^\d+ objects: \d+ to create, \d+ to replace, \d+ to move, \d+ to stay\.$/,
    );
    expect(await packagesOnSource()).toBe(0);
    expect((await pair.prod.client.plans.list()).total).toBe(0);
    expect(await dumpOf(pair.prod)).toBe(before);
  });

  it('gives one document for machines, and a code of its own when the import would be stopped', async () => {
    const { code, out } = await longshore(['plan', ...year('delete'), '--json']);
    expect(code).toBe(3);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      exitCode: 3,
      command: 'plan',
      plan: { status: 'planned', result: { blocked: true, counts: { delete: 1 } } },
      objects: [{ id: YEAR, outcome: 'delete' }],
    });
  });

  it('puts deletions and what blocks first', async () => {
    const { code, out, err } = await longshore(['plan', ...year('delete')]);
    expect(code).toBe(3);
    const lines = out.trim().split('\n').slice(4);
    expect(out).toContain('INCLUDES DELETIONS: 1');
    expect(lines.find((line) => line.startsWith('BLOCKED'))).toContain("'Year'");
    expect(out).toContain('  - attribute ');
    expect(err).toContain('would be stopped');
  });

  it('that is stopped ends the plan on the target', async () => {
    const ended: string[] = [];
    const io = recordingIo({
      env,
      fetch: async (input, init) => {
        const path = new URL(input instanceof Request ? input.url : input).pathname;
        const response = await fetch(input, init);
        if (path.endsWith('/longshore/plans')) setImmediate(() => io.interrupt());
        if (path.endsWith('/cancel')) ended.push(`${response.status} ${path.split('/').at(-3)}`);
        return response;
      },
    });
    const urls = ['--source', pair.dev.running.url, '--target', pair.prod.running.url];
    const { code } = await run(['plan', ...year('replace+deps'), ...urls], io);
    expect(code).toBe(130);
    // It may have been ready by then.
    expect(ended).toEqual([expect.stringMatching(/^(202|400) plans$/)]);
    expect(await packagesOnSource()).toBe(0);
  });

  it('takes a package that is there, and keeps it', async () => {
    const record = await createdPackage(pair.dev, pair.prod, {
      content: [{ id: YEAR, type: 12, includeDependents: true }],
    });
    const { code, out } = await longshore(['plan', '--id', record.id]);
    expect(code).toBe(0);
    expect(out).toContain('to replace');
    expect(await packagesOnSource()).toBe(1);
    const both = await longshore(['plan', '--id', record.id, ...year('replace')]);
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('leave out --object')]);
    await pair.dev.client.migrations.deletePackage(record.packageInfo.id);
  });
});

describe('longshore validate', () => {
  it('tries the import and takes it back', async () => {
    const record = await createdPackage(pair.dev, pair.prod, {
      content: [{ id: YEAR, type: 12, includeDependents: true }],
    });
    const { code, out } = await longshore(['validate', '--id', record.id]);
    expect(code).toBe(0);
    expect(out).toContain(`Migration ${record.id}: validated on ${pair.prod.running.url}.`);
    expect(await dumpOf(pair.prod)).toBe(before);
    const failing = await createdPackage(pair.dev, pair.prod, { content: [{ id: YEAR, type: 12, action: 'delete' }] });
    const failed = await longshore(['validate', '--id', failing.id]);
    expect([failed.code, failed.err]).toEqual([3, expect.stringContaining("'Year'")]);
  });
});

describe('longshore certify', () => {
  it('moves the certification of a package', async () => {
    const record = await createdPackage(pair.dev, pair.prod, { content: [{ id: YEAR, type: 12 }] });
    const source = ['--source', pair.dev.running.url];
    const certify = (more: readonly string[]): Promise<Ran> =>
      run(['certify', '--id', record.id, ...source, ...more], recordingIo({ env }));
    const certified = await certify([]);
    expect(certified.code).toBe(0);
    expect(certified.out).toContain(`the package is certified on ${pair.dev.running.url}`);
    expect(JSON.parse((await certify(['--as', 'uncertified', '--json'])).out)).toMatchObject({
      ok: true,
      command: 'certify',
      certification: 'uncertified',
    });
    expect((await certify(['--as', 'anything'])).code).toBe(2);
  });
});

describe('longshore migrate --plan', () => {
  const migrate = (args: readonly string[], options?: RecordingOptions): Promise<Ran> =>
    longshore(['migrate', ...year('replace+deps'), '--default-action', 'replace', '--plan', ...args], options);

  it('needs somebody to ask, or --yes', async () => {
    const packages = await packagesOnSource();
    const { code, err } = await migrate([]);
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await packagesOnSource()).toBe(packages);
  });

  it('stops when the answer is no', async () => {
    const { code, out, err } = await migrate([], { terminal: 'yes', stdin: 'no\n' });
    expect([code, err]).toEqual([3, expect.stringContaining('declined')]);
    expect(out).toContain('Import this?');
    expect(await dumpOf(pair.prod)).toBe(before);
  });

  it('with --yes imports what was planned, but deletes only as much as was allowed', async () => {
    const unwanted = await longshore(['migrate', ...year('delete'), '--yes']);
    expect(unwanted.code).toBe(3);
    expect(await dumpOf(pair.prod)).toBe(before);
    const { code, out } = await migrate(['--yes', '--undo']);
    expect(code).toBe(0);
    expect(out.indexOf('Plan for')).toBeLessThan(out.indexOf('import approved'));
    expect(out).toContain('undo_success');
    expect(await dumpOf(pair.prod)).toBe(before);
  });
});
