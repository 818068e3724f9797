import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PackageEntry } from '@longshore/domain';
import { pack, unpack } from '../../packages/package-file/test/builders.ts';
import { bodyHash } from '../../packages/server/src/platform/hash.ts';
import { FILES } from '../builders/storage-server.ts';
import {
  announcePackage,
  fromFile,
  openSession,
  packageBytes,
  uploadPackage,
  type RawSession,
  type Reply,
} from '../builders/uploads.ts';
import {
  approvedPackage,
  dumpOf,
  isImported,
  PROJECT,
  twoEnvironments,
  undo,
  YEAR,
  type TwoEnvironments,
} from './two-environments.ts';

const PURPOSE = 'migration_from_shared_file_store';
const ID = /^[0-9A-F]{32}:[0-9A-F]{32}$/;

let pair: TwoEnvironments;
let session: RawSession;
/** Year with everything that it needs, as dev has packed it. */
let year: Buffer;

beforeAll(async () => {
  pair = await twoEnvironments();
  const { dev, prod } = pair;
  session = await openSession(prod);
  const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
  year = await packageBytes(dev, record);
});
afterAll(() => pair[Symbol.asyncDispose]());

const start = (fileId: string, more?: Record<string, unknown>, project?: string | null): Promise<Reply> =>
  session.call('POST', '/migrations', { json: fromFile(fileId, more), ...(project === undefined ? {} : { project }) });

async function imported(fileId: string) {
  const { status, body } = await start(fileId);
  if (status !== 201) throw new Error(body.message);
  return pair.prod.client.migrations.waitFor(body.id, isImported);
}

const refusal = ({ status, body }: Reply) => [status, body.code, body.message];
const storedFiles = async () => (await session.call('GET', `${FILES}?type=migrations.packages`)).body as never as Files;
interface Files {
  readonly data: readonly { readonly id: string; readonly path: string; readonly existing: boolean }[];
}

describe('an uploaded package', () => {
  it('is imported at once, undone, imported again, and deleted with its file', async () => {
    const { prod } = pair;
    const before = await dumpOf(prod);
    const file = await uploadPackage(session, year);
    const answer = await start(file.id);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(ID),
        packageInfo: { status: 'locked', progress: 100 },
        importInfo: { status: 'importing', importRequestStatus: 'approved', undoRequestStatus: 'pending' },
      },
    });
    const record = await prod.client.migrations.waitFor(answer.body.id, isImported);
    expect(record.importInfo).toMatchObject({
      status: 'imported',
      message: '',
      environment: { name: 'prod' },
      project: { id: PROJECT },
      creator: { name: 'Administrator' },
    });
    expect(record.packageInfo).toMatchObject({
      name: 'Year',
      purpose: PURPOSE,
      type: 'project',
      status: 'locked',
      replicated: true,
      existing: true,
      creator: { name: 'Administrator' },
      environment: { name: 'dev' },
      project: { id: PROJECT },
      storage: { path: file.path, size: year.length },
    });
    const shown = await prod.client.migrations.get(record.id, { show: 'all' });
    expect(shown.packageInfo.tocView).toMatchObject({ settings: { defaultAction: 'replace', updateSchema: [] } });
    const after = await dumpOf(prod);
    expect(after).not.toBe(before);

    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);

    const again = await imported(file.id);
    expect(again.packageInfo.id).toBe(record.packageInfo.id);
    expect(again.id).not.toBe(record.id);
    expect(again.importInfo.status).toBe('imported');
    expect((await undo(prod, again.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);

    const listed = await prod.client.migrations.list({ purposes: [PURPOSE] });
    expect(listed.data.map(({ id }) => id)).toEqual([again.id, record.id]);
    expect((await prod.client.migrations.list()).data).toEqual([]);

    await prod.client.migrations.deletePackage(record.packageInfo.id);
    expect((await storedFiles()).data).toEqual([]);
    expect((await session.call('GET', `${FILES}/${file.id}/binary`)).status).toBe(404);
    expect((await prod.client.migrations.get(record.id)).packageInfo).toMatchObject({ deleted: true, existing: false });
    expect((await prod.client.migrations.list({ purposes: [PURPOSE] })).total).toBe(0);
    expect(refusal(await start(file.id))).toEqual([400, 'ERR006', expect.stringContaining('is not found')]);
  });

  it('keeps its record when the file is deleted first, as clients do it', async () => {
    const { client } = pair.prod;
    const file = await uploadPackage(session, year);
    const record = await imported(file.id);
    expect((await session.call('DELETE', `${FILES}/${file.id}`)).status).toBe(204);
    expect((await client.migrations.get(record.id)).packageInfo.existing).toBe(false);
    expect((await undo(pair.prod, record.id)).importInfo.status).toBe('undo_success');
    await client.migrations.deletePackage(record.packageInfo.id);
    expect(refusal(await session.call('DELETE', `/migrations?packageId=${record.packageInfo.id}`))).toEqual([
      404,
      'ERR006',
      expect.any(String),
    ]);
  });

  it('goes to the project of the import, or that of the package, when no header says another', async () => {
    const { prod } = pair;
    const file = await uploadPackage(session, year);
    const other = { id: 'AB'.repeat(16), name: 'Elsewhere' };
    const project = { id: PROJECT, name: 'MicroStrategy Tutorial' };
    const packageInfo = { ...(fromFile(file.id)['packageInfo'] as object), project };
    const storage = { sharedFileStore: { file: [{ id: file.id }] } };
    const bodies = [
      { importInfo: { project } },
      { packageInfo },
      { packageInfo: { storage, purpose: PURPOSE, project: other }, importInfo: { project } },
    ];
    for (const body of bodies) {
      const { status, body: started } = await start(file.id, body, null);
      expect(status).toBe(201);
      const record = await prod.client.migrations.waitFor(started.id, isImported);
      expect(record.importInfo).toMatchObject({ status: 'imported', project: { id: PROJECT } });
      await undo(prod, record.id);
    }
    const refused = [
      await start(file.id, {}, null),
      await start(file.id, { importInfo: { project: other } }),
      await start(file.id, { importInfo: { project: other } }, null),
      await start(file.id, { packageInfo: { ...packageInfo, project: { id: 'none' } } }, null),
    ];
    expect(refused.map(refusal)).toEqual([
      [400, 'ERR005', expect.stringContaining('X-MSTR-ProjectID')],
      [400, 'ERR006', expect.stringContaining(other.id)],
      [400, 'ERR006', expect.stringContaining('is not a project of this environment')],
      [400, 'ERR006', expect.stringContaining('packageInfo.project.id')],
    ]);
  });

  it('of configuration objects needs no project', async () => {
    const { dev, prod } = pair;
    const everyone = 'C82C6B1011D2894CC0009D9F29718E4F';
    const content = [{ id: everyone, type: 34, action: 'use_existing' }];
    const record = await approvedPackage(dev, prod, { type: 'configuration', content });
    const file = await uploadPackage(session, await packageBytes(dev, record), 'configuration');
    const { status, body } = await start(file.id, {}, null);
    expect(status).toBe(201);
    const done = await prod.client.migrations.waitFor(body.id, isImported);
    expect(done.importInfo).toMatchObject({ status: 'imported', project: {} });
    expect(done.packageInfo).toMatchObject({ type: 'configuration', project: {} });
  });
});

describe('what cannot be done with it', () => {
  let file: { readonly id: string; readonly path: string };
  beforeEach(async () => {
    file = await uploadPackage(session, year);
  });

  it('a body without a usable file', async () => {
    const announced = await announcePackage(session, year);
    const unknown = Buffer.from(`migrations.packages:${'0'.repeat(32)}`).toString('base64');
    const store = (files: unknown) => ({ packageInfo: { purpose: PURPOSE, storage: { sharedFileStore: { files } } } });
    const purposeOf = (purpose: string) => ({ ...store({ id: file.id }).packageInfo, purpose });
    const cases: [Record<string, unknown>, string, string][] = [
      [store({ id: unknown }), 'ERR006', 'is not found'],
      [store({ id: 'nonsense' }), 'ERR006', 'is not found'],
      [store({ id: announced.id }), 'ERR006', 'existing is false'],
      [store({}), 'ERR005', 'files.id is required'],
      [store([]), 'ERR005', 'files.id is required'],
      [store([{ id: file.id }, { id: file.id }]), 'ERR006', 'one file'],
      [{ packageInfo: { purpose: PURPOSE } }, 'ERR005', 'files.id is required'],
      [store('text'), 'ERR006', 'files'],
      [{ packageInfo: purposeOf('object_migration') }, 'ERR006', "'object_migration'"],
      [{ packageInfo: { ...purposeOf(PURPOSE), type: 'configuration' } }, 'ERR006', "'configuration'"],
    ];
    for (const [body, code, text] of cases) {
      expect(refusal(await start('', body))).toEqual([400, code, expect.stringContaining(text)]);
    }
    await session.call('DELETE', `${FILES}/${announced.id}`);
  });

  it('an import by somebody who may not import', async () => {
    const admin = session;
    const json = { username: `una${Date.now()}`, fullName: 'Una', password: 'secret of una' };
    const user = await admin.call('POST', '/users', { json });
    const grant = (privilege: string) => ({ op: 'add', path: '/privileges', value: [privilege] });
    const una = async () => openSession(pair.prod, json.username, json.password);
    for (const privilege of ['295', '296']) {
      await admin.call('PATCH', `/users/${user.body.id}`, { json: { operationList: [grant(privilege)] } });
      const refused = await (await una()).call('POST', '/migrations', { json: fromFile(file.id) });
      expect(refusal(refused)).toEqual([403, 'ERR014', expect.any(String)]);
    }
    await admin.call('PATCH', `/users/${user.body.id}`, { json: { operationList: [grant('16')] } });
    expect((await (await una()).call('POST', '/migrations', { json: fromFile(file.id) })).status).toBe(201);
  });

  it('validation, edit, certification, reuse, and the way in of packages from other environments', async () => {
    const { client } = pair.prod;
    const record = await imported(file.id);
    const whole = await client.migrations.get(record.id, { show: 'all' });
    const at = `/migrations/${record.id}`;
    const asOther = (purpose: string) => ({ ...whole, packageInfo: { ...whole.packageInfo, purpose } });
    const { type, name, tocView } = whole.packageInfo;
    const calls: [string, string, unknown, string][] = [
      ['PUT', `${at}/validation`, whole, `packageInfo.purpose\` is '${PURPOSE}'`],
      ['PATCH', at, { validation: { status: 'validating' } }, `packageInfo.purpose\` is '${PURPOSE}'`],
      ['PUT', `${at}/packageInfo`, { type, name, tocView }, `packageInfo.purpose\` is '${PURPOSE}'`],
      ['PATCH', `${at}/packageInfo/certification`, { status: 'certified' }, 'packageInfo.'],
      ['POST', `/migrations?packageId=${record.packageInfo.id}`, { importInfo: {} }, 'packageInfo.replicated'],
      ['PUT', at, whole, 'POST /api/migrations'],
      ['PUT', at, asOther('object_migration'), 'was uploaded'],
      ['PUT', `${at}/validation`, asOther('object_migration'), 'was uploaded'],
    ];
    for (const [method, path, json, text] of calls) {
      expect(refusal(await session.call(method, path, { json }))).toEqual([
        400,
        'ERR006',
        expect.stringContaining(text),
      ]);
    }
    await undo(pair.prod, record.id);
  });
});

describe('a file that somebody has made', () => {
  const METRIC = 'FA'.repeat(16);
  const MISSING = 'FB'.repeat(16);

  /** A metric of Year's package in the place of all, changed as a forger would, hash and all. */
  async function forged(change: (entry: PackageEntry, body: string) => { entry: PackageEntry; body: string }) {
    const { manifest, objects } = await unpack(year);
    const found = objects.find(({ header }) => (JSON.parse(header) as PackageEntry).id === YEAR);
    const entry = { ...(JSON.parse(found?.header ?? '') as PackageEntry), id: METRIC, type: 4, subtype: 1024 };
    const made = change({ ...entry, references: [{ id: MISSING, type: 12 }], contactsHash: null }, definition());
    const { translations, uses } = made.entry;
    const header = JSON.stringify({ ...made.entry, bodyHash: bodyHash(made.body, translations, uses) });
    const { counts: _, ...rest } = manifest;
    const { file } = await pack([{ header, body: made.body }], rest);
    return imported((await uploadPackage(session, file)).id);
  }
  const definition = () => `{"expression":{"objectId":"${MISSING}","subType":"attribute"}}`;

  it('with references that its headers keep back is refused, and so is whatever no server would write', async () => {
    const before = await dumpOf(pair.prod);
    const honest = await forged((entry, body) => ({ entry, body }));
    expect(honest.importInfo).toMatchObject({ status: 'import_failed', message: expect.stringContaining(MISSING) });
    expect(honest.importInfo.message).not.toContain('damaged');
    const forgeries: [string, Parameters<typeof forged>[0]][] = [
      ['refers to', (entry, body) => ({ entry: { ...entry, references: [] }, body })],
      ['refers to', (entry, body) => ({ entry: { ...entry, references: [{ id: MISSING, type: 4 }] }, body })],
      ['refers to', (entry) => ({ entry, body: '{}' })],
      ['contacts', (entry, body) => ({ entry: { ...entry, contactsHash: 'x' }, body })],
      ['form', (entry, body) => ({ entry, body: body.replace(':', ': ') })],
      ['form', (entry) => ({ entry, body: 'no json' })],
      ['form', (entry) => ({ entry, body: '[]' })],
      ['form', (entry) => ({ entry, body: `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}` })],
      ['form', (entry, body) => ({ entry: { ...entry, uses: '[1]' }, body })],
      ['form', (entry, body) => ({ entry: { ...entry, uses: '' }, body })],
      ['form', (entry, body) => ({ entry: { ...entry, translations: '[]' }, body })],
    ];
    for (const [text, change] of forgeries) {
      const { importInfo } = await forged(change);
      expect([importInfo.status, importInfo.message]).toEqual(['import_failed', expect.stringContaining(text)]);
      expect(importInfo.message).toContain('damaged');
      expect(importInfo.message).toContain(METRIC);
    }
    expect(await dumpOf(pair.prod)).toBe(before);
  });
});
