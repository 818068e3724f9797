import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dumpOf, PROJECT, twoEnvironments, YEAR, type TwoEnvironments } from '../e2e/two-environments.ts';
import {
  aSession,
  expectAnswer,
  filled,
  imported,
  settled,
  SETTINGS,
  uploaded,
  type Session,
} from '../builders/package-api.ts';

let pair: TwoEnvironments;
let source: Session;
let target: Session;

beforeAll(async () => {
  pair = await twoEnvironments();
});
afterAll(() => pair[Symbol.asyncDispose]());
beforeEach(async () => {
  source = await aSession(pair.dev);
  target = await aSession(pair.prod);
});

const CONTENT = [{ id: YEAR, name: 'Year', type: 12, action: 'replace', includeDependents: true }];
const decoded = (id: string): string => Buffer.from(id, 'base64').toString();
const filesOfSessions = async (): Promise<string[]> => {
  const names = await readdir(join(pair.folder, 'storage', 'mstr', 'shared', 'packages'), { recursive: true }).catch(
    () => [],
  );
  return names.filter((name) => name.endsWith('.mmp'));
};

describe('a package of a session', () => {
  it('is empty, filled, read, downloaded and deleted', async () => {
    const created = await source.call('POST', '/packages');
    expect([created.status, created.body.status]).toEqual([201, 'EMPTY']);
    const { id } = created.body;
    expect(decoded(id)).toMatch(new RegExp(`^${PROJECT}:[0-9A-F]{32}$`));
    const path = `/packages/${id}`;
    const filling = await source.call('PUT', path, { json: { type: 'project', settings: SETTINGS, content: CONTENT } });
    expect([filling.status, filling.body]).toEqual([202, { id, status: 'PROCESSING' }]);
    expect(await settled(source, path)).toEqual({ id, status: 'READY', type: 'project' });

    const shown = await expectAnswer(source.call('GET', `${path}?showContent=True`), 200);
    expect(shown.settings).toEqual(SETTINGS);
    const year = shown.content?.find((entry) => entry.id === YEAR);
    expect(year).toMatchObject({
      name: 'Year',
      type: 12,
      action: 'replace',
      explicitIncluded: true,
      includeDependents: true,
    });
    expect(shown.content?.length).toBeGreaterThan(1);

    const download = await source.call('GET', `${path}/binary`);
    expect(download.headers.get('content-type')).toContain('application/octet-stream');
    expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename=[0-9A-F]{32}\.mmp$/);
    expect(download.bytes.length).toBe(Number(download.headers.get('content-length')));

    const gone = await source.call('DELETE', path);
    expect([gone.status, gone.body]).toEqual([202, { id, status: 'DELETING' }]);
    const after = await source.call('GET', path);
    expect([after.status, after.body.code]).toEqual([404, 'ERR004']);
    expect(after.body.message).toContain('is not found in this session');
    expect(await filesOfSessions()).toEqual([]);
  });

  it('tells why it could not be built', async () => {
    const id = await filled(source, [{ id: '0'.repeat(31) + '1', name: 'Nobody', type: 12 }]);
    const failed = await expectAnswer(source.call('GET', `/packages/${id}`), 200);
    expect(failed).toMatchObject({ status: 'FAILED', message: expect.stringContaining("'Nobody'") });
    expect(await filesOfSessions()).toEqual([]);
    expect((await source.call('GET', `/packages/${id}/binary`)).body.message).toContain("`status` is 'FAILED'.");
    await expectAnswer(source.call('DELETE', `/packages/${id}`), 202);
  });

  it('shows definitions of attributes and their like, headed by what the package knows of them', async () => {
    const id = await filled(source, CONTENT);
    const shown = await expectAnswer(source.call('GET', `/packages/${id}?showContent=true`), 200);
    const table = shown.content?.find((entry) => entry.type === 15);
    const { objects, versions } = await expectAnswer(
      source.call('GET', `/packages/${id}/objects?id=${YEAR}&id=${table?.id}`),
      200,
    );
    expect(versions.iServerVersion).toBe('11.6.0700.00001');
    expect(objects.map(({ id, type }) => [id, type])).toEqual([
      [YEAR, 12],
      [table?.id, 15],
    ]);
    expect(objects[0]?.definition).toMatchObject({
      information: {
        objectId: YEAR,
        name: 'Year',
        subType: 'attribute',
        primaryLocale: 'en-US',
        versionId: shown.content?.find((entry) => entry.id === YEAR)?.version,
        dateModified: '2021-03-04T03:53:09.000Z',
      },
      forms: expect.any(Array),
      attributeLookupTable: { objectId: expect.any(String) },
    });
    const query = (text: string) => source.call('GET', `/packages/${id}/objects${text}`);
    const column = shown.content?.find((entry) => entry.type === 26);
    for (const [text, status, code, message] of [
      ['', 400, 'ERR005', 'The query parameter id'],
      ['?id=abc', 400, 'ERR006', "The id 'abc' is not 32 hex digits."],
      [`?id=${column?.id}`, 400, 'ERR006', 'has type 26'],
      [`?id=${'A'.repeat(32)}`, 404, 'ERR004', `The object ${'A'.repeat(32)} is not in the package.`],
    ] as const) {
      const answer = await query(text);
      expect([text, answer.status, answer.body.code]).toEqual([text, status, code]);
      expect(answer.body.message).toContain(message);
    }
    await source.logout();
  });
});

describe('an import of a session', () => {
  it('moves what the package holds; its undo package, uploaded and imported, brings every byte back', async () => {
    const before = await dumpOf(pair.prod);
    const packageId = await filled(source, CONTENT);
    const { bytes } = await source.call('GET', `/packages/${packageId}/binary`);

    const arrived = await uploaded(target, bytes);
    const shown = await expectAnswer(target.call('GET', `/packages/${arrived}?showContent=true`), 200);
    expect(shown).toMatchObject({ status: 'READY', type: 'project', settings: { defaultAction: 'replace' } });
    expect(shown.content?.every((entry) => !('explicitIncluded' in entry))).toBe(true);

    const done = await imported(target, arrived);
    expect(done).toMatchObject({ status: 'IMPORTED', undoPackageCreated: true, progress: 100 });
    expect(decoded(done.id)).toMatch(new RegExp(`^${PROJECT}:[0-9A-F]{32}$`));
    const after = await dumpOf(pair.prod);
    expect(after).not.toBe(before);

    const undo = await target.call('GET', `/packages/imports/${done.id}/undoPackage/binary`);
    expect(undo.status).toBe(200);
    await expectAnswer(target.call('DELETE', `/packages/${arrived}`), 202);
    const forgotten = await target.call('DELETE', `/packages/imports/${done.id}`);
    expect([forgotten.status, forgotten.bytes.length]).toEqual([202, 0]);
    expect((await target.call('GET', `/packages/imports/${done.id}`)).status).toBe(404);

    const undoing = await uploaded(target, undo.bytes);
    const undone = await imported(target, undoing, '&generateUndo=false');
    expect(undone).toMatchObject({ status: 'IMPORTED', undoPackageCreated: false, progress: 100 });
    expect(await dumpOf(pair.prod)).toBe(before);
    const none = await target.call('GET', `/packages/imports/${undone.id}/undoPackage/binary`);
    expect([none.status, none.body.code]).toEqual([404, 'ERR004']);
    await source.logout();
    await target.logout();
  });

  it('goes into another project of the same environment when the header says so', async () => {
    const other = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    const line = JSON.stringify({ kind: 'project', id: other, name: 'Copy' });
    const load = await fetch(`${pair.dev.running.url}/api/longshore/metadata`, {
      method: 'POST',
      headers: { 'x-mstr-authtoken': source.token, 'content-type': 'application/x-ndjson' },
      body: line,
    });
    expect(load.status).toBe(200);
    const packageId = await filled(source, CONTENT);
    const done = await imported(source, packageId, '', { project: other });
    expect([done.status, done.message]).toEqual(['IMPORTED', undefined]);
    expect(decoded(done.id).split(':')[0]).toBe(other);
    expect(await dumpOf(pair.dev, other)).toContain(YEAR);
    const wrong = await source.call('GET', `/packages/imports/${done.id}`);
    expect([wrong.status, wrong.body.code]).toEqual([400, 'ERR006']);
    await source.logout();
  });

  it('makes no undo package when none is wanted, or keep_both took effect', async () => {
    const packageId = await filled(source, [{ ...CONTENT[0], action: 'keep_both' }]);
    const { bytes } = await source.call('GET', `/packages/${packageId}/binary`);
    const arrived = await uploaded(target, bytes);
    const without = await imported(target, arrived, '&generateUndo=false');
    expect([without.status, without.undoPackageCreated]).toEqual(['IMPORTED', false]);
    const suppressed = await imported(target, arrived);
    expect([suppressed.status, suppressed.undoPackageCreated]).toEqual(['IMPORTED', false]);
    expect(suppressed.message).toContain('keep_both');
    await source.logout();
    await target.logout();
    expect(await filesOfSessions()).toEqual([]);
  });

  it('fails whole and says why', async () => {
    const before = await dumpOf(pair.prod);
    const { content = [] } = await expectAnswer(
      source.call('GET', `/packages/${await filled(source, CONTENT)}?showContent=true`),
      200,
    );
    const needed = content.find((entry) => entry.type === 15);
    await source.logout();
    source = await aSession(pair.dev);
    const packageId = await filled(source, [{ id: needed?.id, type: 15, action: 'delete' }]);
    const { bytes } = await source.call('GET', `/packages/${packageId}/binary`);
    const failed = await imported(target, await uploaded(target, bytes));
    expect(failed).toMatchObject({ status: 'FAILED', undoPackageCreated: false });
    expect(failed.message).toContain('nothing was changed');
    expect(await dumpOf(pair.prod)).toBe(before);
    await source.logout();
    await target.logout();
  });

  it('moves configuration objects without any project header', async () => {
    const call = { project: null };
    const packageId = await filled(
      source,
      [{ id: 'C82C6B1011D2894CC0009D9F29718E4F', type: 34, action: 'replace' }],
      call,
    );
    expect(decoded(packageId)).toMatch(/^38A062302D4411D28E71006008960167:/);
    const ready = await expectAnswer(source.call('GET', `/packages/${packageId}`, { project: PROJECT }), 200);
    expect([ready.status, ready.type]).toEqual(['READY', 'configuration']);
    const { bytes } = await source.call('GET', `/packages/${packageId}/binary`, call);
    const done = await imported(target, await uploaded(target, bytes, call), '', call);
    expect(done.status).toBe('IMPORTED');
    const objects = await source.call('GET', `/packages/${packageId}/objects?id=${YEAR}`, call);
    expect([objects.status, objects.body.message]).toEqual([400, expect.stringContaining("of type 'configuration'")]);
    await source.logout();
    await target.logout();
  });
});
