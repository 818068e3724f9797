import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT, twoEnvironments, YEAR, type TwoEnvironments } from '../e2e/two-environments.ts';
import {
  aSession,
  expectAnswer,
  filled,
  formWith,
  imported,
  noise,
  SETTINGS,
  uploaded,
  type PackageCall,
  type Session,
} from '../builders/package-api.ts';
import { idOf } from '../builders/migration-rows.ts';

let pair: TwoEnvironments;
let session: Session;

beforeAll(async () => {
  pair = await twoEnvironments({ maxPackageBytes: 2_000_000 });
});
afterAll(() => pair[Symbol.asyncDispose]());
beforeEach(async () => {
  session = await aSession(pair.dev);
});
afterEach(() => session.logout());

const CONTENT = [{ id: YEAR, name: 'Year', type: 12, action: 'replace' }];
const storedFiles = async (): Promise<string[]> => {
  const names = await readdir(join(pair.folder, 'storage'), { recursive: true });
  return names.filter((name) => name.includes('packages') && (name.endsWith('.mmp') || name.endsWith('.part')));
};

async function refused(method: string, path: string, call: PackageCall, expected: readonly [number, string, string]) {
  const { status, body } = await session.call(method, path, call);
  expect([status, body.code]).toEqual(expected.slice(0, 2));
  expect(body.message).toContain(expected[2]);
}

const empty = async (call: PackageCall = {}): Promise<string> =>
  (await expectAnswer(session.call('POST', '/packages', call), 201)).id;

describe('a session', () => {
  it('has one package at a time', async () => {
    const id = await empty();
    await refused('POST', '/packages', {}, [
      400,
      'ERR006',
      `The session has the package ${id} already (status 'EMPTY')`,
    ]);
    await expectAnswer(session.call('DELETE', `/packages/${id}`), 202);
    await empty();
  });

  it('does not see the package of another', async () => {
    const id = await empty();
    const other = await aSession(pair.dev);
    const path = `/packages/${id}`;
    for (const [method, at] of [
      ['GET', path],
      ['PUT', path],
      ['DELETE', path],
      ['GET', `${path}/binary`],
      ['POST', `/packages/imports?packageId=${id}`],
    ] as const) {
      const answer = await other.call(
        method,
        at,
        method === 'PUT' ? { json: { type: 'project', content: CONTENT } } : {},
      );
      expect([method, at, answer.status, answer.body.code]).toEqual([method, at, 404, 'ERR004']);
      expect(answer.body.message).not.toBe('HTTP 404 Not Found');
    }
    await other.logout();
  });

  it('frees its package and its imports with their files when it is closed', async () => {
    const id = await filled(session, [{ ...CONTENT[0], action: 'force_replace' }]);
    const done = await imported(session, id);
    expect([done.status, done.undoPackageCreated]).toEqual(['IMPORTED', true]);
    expect(await storedFiles()).toHaveLength(2);
    await session.logout();
    expect(await storedFiles()).toEqual([]);
  });

  it.each(['nonsense', 'QUFBQQ==', Buffer.from(`${PROJECT}:${idOf('A', 1)}`).toString('base64')])(
    'does not find %s',
    async (id) => {
      await refused('GET', `/packages/${encodeURIComponent(id)}`, {}, [404, 'ERR004', 'is not found in this session']);
      await refused('GET', `/packages/imports/${encodeURIComponent(id)}`, {}, [404, 'ERR004', 'The import with id']);
    },
  );
});

describe('the project header', () => {
  it('is needed on every call for a package of a project, and must be the same', async () => {
    const id = await empty();
    const body = { json: { type: 'project', content: CONTENT } };
    for (const [method, path, call] of [
      ['GET', `/packages/${id}`, {}],
      ['PUT', `/packages/${id}`, body],
      ['GET', `/packages/${id}/binary`, {}],
      ['GET', `/packages/${id}/objects?id=${YEAR}`, {}],
      ['DELETE', `/packages/${id}`, {}],
    ] as const) {
      await refused(method, path, { ...call, project: null }, [
        400,
        'ERR005',
        'The header X-MSTR-ProjectID is required',
      ]);
      const other = { ...call, project: idOf('D', 1) };
      await refused(method, path, other, [400, 'ERR006', `names project ${idOf('D', 1)}`]);
    }
  });

  it('must name a project of the environment', async () => {
    await refused('POST', '/packages', { project: idOf('D', 1) }, [
      400,
      'ERR006',
      'is not a project of this environment',
    ]);
  });

  it('must have been there for a package of a project', async () => {
    const id = await empty({ project: null });
    const call = { json: { type: 'project', content: CONTENT } };
    await refused('PUT', `/packages/${id}`, call, [400, 'ERR006', 'made without the header X-MSTR-ProjectID']);
  });
});

describe('what a package is to hold', () => {
  it.each<[string, unknown, string, string]>([
    ['no type', { content: CONTENT }, 'ERR005', 'The field type is required'],
    ['an unknown type', { type: 'projects', content: CONTENT }, 'ERR006', 'body.type'],
    ['no content', { type: 'project', settings: SETTINGS }, 'ERR005', 'The field content is required'],
    [
      'a user in a project package',
      { type: 'project', content: [{ id: YEAR, type: 34 }] },
      'ERR006',
      'configuration package',
    ],
    ['an id that is none', { type: 'project', content: [{ id: 'x', type: 12 }] }, 'ERR006', 'not 32 hex digits'],
    [
      'an unknown rule',
      { type: 'project', content: [{ id: YEAR, type: 12, action: 'merge' }] },
      'ERR006',
      'body.content.0.action',
    ],
    ['no object', [], 'ERR006', 'body'],
  ])('%s', async (_, json, code, text) => {
    const id = await empty();
    await refused('PUT', `/packages/${id}`, { json }, [400, code, text]);
    expect((await expectAnswer(session.call('GET', `/packages/${id}`), 200)).status).toBe('EMPTY');
  });

  it('is said once', async () => {
    const id = await filled(session, CONTENT);
    const call = { json: { type: 'project', content: CONTENT } };
    await refused('PUT', `/packages/${id}`, call, [
      400,
      'ERR006',
      "Cannot do current operation for now when `status` is 'READY'.",
    ]);
  });

  it('is there before it is downloaded or imported', async () => {
    const id = await empty();
    const text = "Cannot do current operation for now when `status` is 'EMPTY'.";
    await refused('GET', `/packages/${id}/binary`, {}, [400, 'ERR006', text]);
    await refused('GET', `/packages/${id}/objects?id=${YEAR}`, {}, [400, 'ERR006', text]);
    await refused('POST', `/packages/imports?packageId=${id}`, {}, [400, 'ERR006', text]);
  });
});

describe('a file that cannot be', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    const maker = await aSession(pair.dev);
    const id = await filled(maker, CONTENT);
    bytes = (await maker.call('GET', `/packages/${id}/binary`)).bytes;
    await maker.logout();
  });

  const newer = (): Buffer =>
    Buffer.from(bytes.toString('latin1').replace('11.6.0700.00001', '11.7.0700.00001'), 'latin1');

  it.each<[string, () => PackageCall, string]>([
    ['no form', () => ({ json: {} }), 'multipart/form-data'],
    ['a form without file', () => ({ form: new FormData() }), "The form holds no file part named 'file'."],
    ['a part of another name', () => ({ form: formWith(bytes, 'package') }), "exactly one file part, named 'file'"],
    [
      'two files',
      () => {
        const form = formWith(bytes);
        form.append('file', new Blob([new Uint8Array(bytes)]), 'second.mmp');
        return { form };
      },
      'exactly one file part',
    ],
    ['no package', () => ({ form: formWith(noise(5000)) }), 'it is not a tar archive'],
    ['nothing', () => ({ form: formWith(Buffer.alloc(0)) }), 'it is empty'],
    [
      'a package that is cut off',
      () => ({ form: formWith(bytes.subarray(0, bytes.length - 1500)) }),
      'it is cut short',
    ],
    [
      'a package of a newer server',
      () => ({ form: formWith(newer()) }),
      'a package cannot be imported into an older version',
    ],
    ['a file that is too large', () => ({ form: formWith(noise(2_100_000)) }), 'a package can have at most 2000000.'],
    ['a file that is a little too large', () => ({ form: formWith(noise(2_000_001)) }), 'larger than 2000000 bytes'],
  ])('%s', async (_, call, text) => {
    const id = await empty();
    const { status, body } = await session.call('PUT', `/packages/${id}/binary`, call());
    expect([status, body.code, body.message.includes(text)]).toEqual([400, 'ERR006', true]);
    expect((await expectAnswer(session.call('GET', `/packages/${id}`), 200)).status).toBe('EMPTY');
    expect(await storedFiles()).toEqual([]);
    await expectAnswer(session.call('PUT', `/packages/${id}/binary`, { form: formWith(bytes) }), 200);
  });

  it('a package of a project, for the configuration', async () => {
    const id = await empty({ project: null });
    const call = { project: null, form: formWith(bytes) };
    await refused('PUT', `/packages/${id}/binary`, call, [400, 'ERR006', "is a package of type 'project'"]);
  });

  it('a second one', async () => {
    const id = await uploaded(session, bytes);
    await refused('PUT', `/packages/${id}/binary`, { form: formWith(bytes) }, [400, 'ERR006', "`status` is 'READY'."]);
  });
});

describe('an import that cannot be', () => {
  it('names no package, or no destination', async () => {
    await refused('POST', '/packages/imports', {}, [400, 'ERR005', 'The query parameter packageId is required.']);
    const id = await filled(session, CONTENT);
    const path = `/packages/imports?packageId=${id}`;
    await refused('POST', path, { project: null }, [400, 'ERR005', 'with the destination project']);
    await refused('POST', path, { project: idOf('D', 1) }, [400, 'ERR006', 'is not a project of this environment']);
    await refused('POST', '/packages/imports?packageId=abc', {}, [404, 'ERR004', 'is not found in this session']);
  });

  it('takes an undo package into another project', async () => {
    const other = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    const load = await fetch(`${pair.dev.running.url}/api/longshore/metadata`, {
      method: 'POST',
      headers: { 'x-mstr-authtoken': session.token, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify({ kind: 'project', id: other, name: 'Other' }),
    });
    expect(load.status).toBe(200);
    const id = await filled(session, [{ ...CONTENT[0], action: 'force_replace' }]);
    const done = await imported(session, id);
    const { bytes } = await session.call('GET', `/packages/imports/${done.id}/undoPackage/binary`);
    await expectAnswer(session.call('DELETE', `/packages/${id}`), 202);
    const undoId = await uploaded(session, bytes);
    const path = `/packages/imports?packageId=${undoId}`;
    await refused('POST', path, { project: other }, [400, 'ERR006', `the undo package is for project ${PROJECT}`]);
    const objects = `/packages/${undoId}/objects?id=${YEAR}`;
    await refused('GET', objects, {}, [400, 'ERR006', 'The package is an undo package']);
  });
});

describe('who may', () => {
  it('holds the privileges', async () => {
    const users = await fetch(`${pair.dev.running.url}/api/users`, {
      method: 'POST',
      headers: { 'x-mstr-authtoken': session.token, 'content-type': 'application/json' },
      body: JSON.stringify({
        username: 'paula',
        fullName: 'Paula',
        password: 'a long password',
        requireNewPassword: false,
      }),
    });
    expect(users.status).toBe(201);
    const paula = await aSession(pair.dev, 'paula', 'a long password');
    for (const [method, path] of [
      ['POST', '/packages'],
      ['GET', '/packages/abc'],
      ['PUT', '/packages/abc/binary'],
      ['POST', '/packages/imports?packageId=abc'],
      ['GET', '/packages/imports/abc'],
      ['DELETE', '/packages/imports/abc'],
    ] as const) {
      const { status, body } = await paula.call(method, path);
      expect([path, status, body.code]).toEqual([path, 403, 'ERR014']);
    }
    await paula.logout();
  });
});
