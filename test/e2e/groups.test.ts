import { describe, expect, it } from 'vitest';
import type { MigrationGroup } from '@longshore/contracts';
import { aSession, type Session } from '../builders/package-api.ts';
import { dumpOf, PROJECT, twoEnvironments, YEAR, type TwoEnvironments } from './two-environments.ts';

const settings = {
  aclOnReplacingObjects: 'replace',
  aclOnNewObjects: ['keep_acl_as_source_object'],
  defaultAction: 'replace',
};

interface Ask {
  readonly json?: unknown;
  readonly expect?: number;
}

/** One call without project header, as groups have it; the body of an answer that must have this status. */
async function ask(session: Session, method: string, path: string, options: Ask = {}): Promise<MigrationGroup> {
  const { json, expect: expected = 200 } = options;
  const call = json === undefined ? { project: null } : { project: null, json };
  const { status, body } = await session.call(method, `/migrationGroups${path}`, call);
  if (status !== expected) throw new Error(`Expected ${expected}, got ${status}: ${JSON.stringify(body)}`);
  return body as unknown as MigrationGroup;
}

async function waitFor(session: Session, id: string, working: string): Promise<MigrationGroup> {
  for (;;) {
    const group = await ask(session, 'GET', `/${id}?showContent=all`);
    if (group.status !== working) return group;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Sides {
  readonly pair: TwoEnvironments;
  readonly source: Session;
  readonly target: Session;
}

async function approved({ pair, source }: Sides, migrations: readonly unknown[]): Promise<MigrationGroup> {
  const body = {
    name: 'End to end',
    sourceEnvironment: { id: pair.dev.running.url, name: 'dev' },
    targetEnvironment: { id: pair.prod.running.url, name: 'prod' },
    treeView: {},
    migrations,
  };
  const { id } = await ask(source, 'POST', '', { json: body, expect: 201 });
  expect((await waitFor(source, id, 'creating')).status).toBe('created');
  for (const importRequestStatus of ['requested', 'approved'])
    await ask(source, 'PATCH', `/${id}`, { json: { importRequestStatus } });
  const group = await ask(source, 'GET', `/${id}?showContent=all`);
  const replicated = group.migrations.map((member) => ({
    ...member,
    packageInfo: { ...member.packageInfo, replicated: true },
  }));
  return { ...group, migrations: replicated };
}

async function importAll({ target }: Sides, group: MigrationGroup): Promise<MigrationGroup> {
  await ask(target, 'PUT', `/${group.id}`, { json: group, expect: 201 });
  return waitFor(target, group.id, 'importing');
}

const YEAR_OF_TUTORIAL = {
  packageInfo: {
    type: 'project',
    project: { id: PROJECT },
    tocView: { settings, content: [{ id: YEAR, type: 12, includeDependents: true }] },
  },
  importInfo: { project: { id: PROJECT, name: 'MicroStrategy Tutorial' } },
};

const usersOf = (dump: string): string[] =>
  dump
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; type: number; kind: string })
    .filter((object) => object.type === 34)
    .map((object) => object.id);

describe('a group between two real servers', () => {
  it('moves users and a project together, and its undo brings every byte back', async () => {
    await using pair = await twoEnvironments();
    const sides = { pair, source: await aSession(pair.dev), target: await aSession(pair.prod) };
    const before = await dumpOf(pair.prod);
    const users = usersOf(await dumpOf(pair.dev));
    const configuration = {
      packageInfo: {
        type: 'configuration',
        tocView: {
          settings: { ...settings, defaultAction: 'use_existing' },
          content: users.map((id) => ({ id, type: 34, includeDependents: true })),
        },
      },
    };
    const group = await approved(sides, [configuration, YEAR_OF_TUTORIAL]);
    const imported = await importAll(sides, group);
    expect([imported.status, imported.migrations.map((member) => member.importInfo.message)]).toEqual([
      'imported',
      ['', ''],
    ]);
    const after = await dumpOf(pair.prod);
    expect(users.filter((id) => !after.includes(id))).toEqual([]);
    for (const undoRequestStatus of ['requested', 'approved']) {
      const expected = undoRequestStatus === 'approved' ? 202 : 200;
      await ask(sides.target, 'PATCH', `/${group.id}`, { json: { undoRequestStatus }, expect: expected });
    }
    expect((await waitFor(sides.target, group.id, 'undoing')).status).toBe('undo_success');
    expect(await dumpOf(pair.prod)).toBe(before);
  });

  it('stops at a member that cannot be imported, and keeps what came before it', async () => {
    await using pair = await twoEnvironments();
    const sides = { pair, source: await aSession(pair.dev), target: await aSession(pair.prod) };
    const used = {
      packageInfo: {
        ...YEAR_OF_TUTORIAL.packageInfo,
        tocView: { settings, content: [{ id: '8D6793C211D3E4981000E787EC6DE8A4', type: 15, action: 'delete' }] },
      },
      importInfo: YEAR_OF_TUTORIAL.importInfo,
    };
    const [user = ''] = usersOf(await dumpOf(pair.dev));
    const configuration = {
      packageInfo: {
        type: 'configuration',
        tocView: { settings, content: [{ id: user, type: 34, action: 'use_existing' }] },
      },
    };
    const before = await dumpOf(pair.prod, PROJECT);
    const failed = await importAll(sides, await approved(sides, [configuration, used]));
    expect([failed.status, failed.migrations.map((member) => member.importInfo.status)]).toEqual([
      'import_failed',
      ['imported', 'import_failed'],
    ]);
    expect(failed.migrations[1]?.importInfo.message).toContain('nothing was changed');
    expect(await dumpOf(pair.prod, PROJECT)).toBe(before);
  });
});
