import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES } from '@longshore/contracts';
import { packageCertificationPath } from '../../packages/server/src/platform/files/store-path.ts';
import { PRIVILEGE, type Privilege } from '../../packages/server/src/platform/http/access.ts';
import { storeBytes } from '../builders/held-runner.ts';
import {
  TUTORIAL,
  createWorld,
  type Answer,
  type AnswerBody,
  type Call,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { approved, created, expectStatus, imported, put, read } from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const { createPackage: create, applyPackage: apply, certifyPackage } = PRIVILEGE;
const ADMINISTRATOR = {
  id: '54F3D26011D2896560009A8E67019608',
  name: 'Administrator',
  fullName: 'Administrator',
};
const OPERATOR = { id: 'ABC', name: 'ann', fullName: 'Ann Analyst' };

const certify = (environment: TestEnvironment, id: string, body: unknown, call: Call = {}): Promise<Answer> =>
  environment.call('PATCH', `/migrations/${id}/packageInfo/certification`, { body, ...call });
const sync = async (environment: TestEnvironment, id: string): Promise<void> => {
  const url = `/migrations/${id}/packageInfo/certification?autoSync=True`;
  await expectStatus(environment.call('PATCH', url), 204);
};
const certificationOf = async (
  environment: TestEnvironment,
  id: string,
): Promise<AnswerBody['packageInfo']['certification']> => (await read(environment, id)).packageInfo.certification;
const dateIn = (environment: TestEnvironment, ms = 0): string =>
  new Date(environment.clock.now() + ms).toISOString().replace('Z', '+0000');

describe('the certification of a package', () => {
  it('is not there until it is used, and then is always whole', async () => {
    const id = await created(source, target.id);
    expect((await read(source, id)).packageInfo).not.toHaveProperty('certification');
    await expectStatus(certify(source, id, { status: 'uncertified' }), 204);
    expect((await read(source, id)).packageInfo).not.toHaveProperty('certification');
    for (const status of [
      'requested',
      'uncertified',
      'requested',
      'rejected',
      'requested',
      'certified',
      'uncertified',
      'certified',
    ]) {
      source.clock.advance(1000);
      await expectStatus(certify(source, id, { status }), 204);
      expect(await certificationOf(source, id)).toEqual({
        status,
        operator: ADMINISTRATOR,
        lastUpdatedDate: dateIn(source),
      });
    }
    const before = await certificationOf(source, id);
    source.clock.advance(1000);
    await expectStatus(certify(source, id, { status: 'certified' }), 204);
    expect(await certificationOf(source, id)).toEqual(before);
  });

  it.each<[string, (certification: object) => object]>([
    ['wrapped twice', (certification) => ({ packageInfo: { certification } })],
    ['wrapped once', (certification) => ({ certification })],
    ['bare', (certification) => ({ ...certification, operator: null, lastUpdatedDate: null })],
  ])('is taken from a body %s', async (_, wrap) => {
    const id = await created(source, target.id);
    await expectStatus(certify(source, id, wrap({ status: 'certified' })), 204);
    expect(await certificationOf(source, id)).toMatchObject({ status: 'certified', operator: ADMINISTRATOR });
  });

  it('answers 204 without a body', async () => {
    const id = await created(source, target.id);
    const answer = await source.app.inject({
      method: 'PATCH',
      url: `/api/migrations/${id}/packageInfo/certification`,
      headers: { 'x-mstr-authtoken': source.adminToken },
      payload: { status: 'certified' },
    });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  it('keeps the operator and the date that it is sent with', async () => {
    const id = await created(source, target.id);
    const lastUpdatedDate = dateIn(source, -60_000);
    await expectStatus(certify(source, id, { status: 'certified', operator: OPERATOR, lastUpdatedDate }), 204);
    expect(await certificationOf(source, id)).toEqual({ status: 'certified', operator: OPERATOR, lastUpdatedDate });
    const older = { status: 'uncertified', operator: OPERATOR, lastUpdatedDate: dateIn(source, -120_000) };
    await expectStatus(certify(source, id, older), 204);
    expect((await certificationOf(source, id))?.status).toBe('certified');
    await expectStatus(certify(source, id, { status: 'uncertified', operator: OPERATOR }), 204);
    expect(await certificationOf(source, id)).toMatchObject({ status: 'uncertified', operator: OPERATOR });
  });

  it.each<[string, unknown, string, string]>([
    ['no status', {}, 'ERR005', 'certification.status'],
    ['no body', undefined, 'ERR005', 'certification.status'],
    ['a word that is none', { certification: { status: 'certifed' } }, 'ERR006', 'body.certification.status'],
    ['a date that is none', { status: 'certified', lastUpdatedDate: 'today' }, 'ERR006', "'today'"],
    [
      'a date to come',
      { status: 'certified', operator: OPERATOR, lastUpdatedDate: '2099-01-01T00:00:00.000+0000' },
      'ERR006',
      'future',
    ],
    ['a step that cannot be', { status: 'rejected' }, 'ERR006', 'cannot become'],
  ])('is refused with %s', async (_, body, code, text) => {
    const id = await created(source, target.id);
    const refused = await certify(source, id, body);
    expect(refused).toMatchObject({ status: 400, body: { code, message: expect.stringContaining(text) } });
    expect(await certificationOf(source, id)).toBeUndefined();
  });

  it('cannot be moved once the package is locked, nor of a package that is not there', async () => {
    const { id } = await approved(source, target.id);
    expect((await certify(source, id, { status: 'certified' })).body).toMatchObject({
      code: 'ERR006',
      message: "Cannot do current operation for now when `packageInfo.status` is 'locked'.",
    });
    const unknown = id.split('').toReversed().join('');
    expect(await certify(source, unknown, { status: 'certified' })).toMatchObject({
      status: 404,
      body: { code: 'ERR004' },
    });
    expect(await certify(source, `${unknown}?autoSync=true`, {})).toMatchObject({ status: 404 });
  });
});

describe('who may do it', () => {
  const walk = async (status: string, as: Privilege[], from: string[] = []): Promise<Answer> => {
    const id = await created(source, target.id);
    for (const step of from) await expectStatus(certify(source, id, { status: step }), 204);
    return certify(source, id, { status }, { as });
  };
  const denied = { status: 403, body: { code: 'ERR014' } };

  it('requests: those who hold Create package, who take their own ones back', async () => {
    expect((await walk('requested', [create])).status).toBe(204);
    expect(await walk('requested', [apply])).toMatchObject(denied);
    expect(await walk('requested', [certifyPackage])).toMatchObject(denied);
    expect((await walk('uncertified', [create], ['requested'])).status).toBe(204);
    const id = await created(source, target.id);
    await expectStatus(certify(source, id, { status: 'requested', operator: OPERATOR }), 204);
    expect(await certify(source, id, { status: 'uncertified' }, { as: [create] })).toMatchObject(denied);
    expect((await certify(source, id, { status: 'uncertified' }, { as: [certifyPackage] })).status).toBe(204);
  });

  it.each<[string, string[]]>([
    ['certified', []],
    ['certified', ['requested']],
    ['rejected', ['requested']],
    ['uncertified', ['certified']],
  ])('%s after %j: those who hold Certify package or Apply package', async (status, from) => {
    expect((await walk(status, [apply], from)).status).toBe(204);
    expect((await walk(status, [certifyPackage], from)).status).toBe(204);
    const refused = await walk(status, [create], from);
    expect(refused).toMatchObject(denied);
    expect(refused.body.message).toContain('Certify package or Apply package');
  });

  it('nothing for those who hold none of the three', async () => {
    expect(await walk('certified', [PRIVILEGE.bypassObjectSecurity])).toMatchObject(denied);
  });
});

describe('a copy', () => {
  it('takes what another environment has decided, with operator and date, and the newest wins', async () => {
    const id = await imported(source, target);
    const refused = await certify(target, id, { status: 'certified' });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body.message).toContain("`packageInfo.replicated` is 'true'");
    const carried = { status: 'certified', operator: OPERATOR, lastUpdatedDate: dateIn(target) };
    await expectStatus(certify(target, id, { certification: carried }), 204);
    expect(await certificationOf(target, id)).toEqual(carried);
    const older = { ...carried, status: 'rejected', lastUpdatedDate: dateIn(target, -1) };
    await expectStatus(certify(target, id, older), 204);
    expect(await certificationOf(target, id)).toEqual(carried);
    const newer = { ...carried, status: 'rejected', lastUpdatedDate: dateIn(target, 1) };
    expect(await certify(target, id, newer, { as: [create] })).toMatchObject({ status: 403 });
    await expectStatus(certify(target, id, newer), 204);
    expect(await certificationOf(target, id)).toEqual(newer);
  });

  it('comes with the certification that the source had', async () => {
    const id = await created(source, target.id);
    await expectStatus(certify(source, id, { status: 'certified' }), 204);
    for (const importRequestStatus of ['requested', 'approved']) {
      await expectStatus(
        source.call('PATCH', `/migrations/${id}`, { body: { importInfo: { importRequestStatus } } }),
        200,
      );
    }
    const body = await read(source, id, '?showContent=all');
    await expectStatus(put(target, { ...body, packageInfo: { ...body.packageInfo, replicated: true } }), 201);
    await target.runner.finishImport();
    expect(await certificationOf(target, id)).toEqual(await certificationOf(source, id));
  });
});

describe('autoSync', () => {
  const certifiedAndImported = async (): Promise<string> => {
    const id = await created(source, target.id);
    const body = await read(source, id, '?showContent=all');
    const copy = { ...body.packageInfo, replicated: true, status: 'locked' };
    await expectStatus(put(target, { ...body, packageInfo: copy }), 201);
    await target.runner.finishImport();
    await expectStatus(certify(source, id, { status: 'certified' }), 204);
    return id;
  };

  it('brings the certification of the source to the target through the store', async () => {
    const id = await certifiedAndImported();
    expect(await certificationOf(target, id)).toBeUndefined();
    await sync(target, id);
    expect(await certificationOf(target, id)).toBeUndefined();
    await sync(source, id);
    const listed = (await target.call('GET', '/migrations')).body.data.find((record) => record.id === id);
    expect(listed?.packageInfo.certification).toBeUndefined();
    await sync(target, id);
    const again = (await target.call('GET', '/migrations')).body.data.find((record) => record.id === id);
    expect(again?.packageInfo.certification).toEqual(await certificationOf(source, id));
  });

  it('is heard by a copy that is read, without a call on that side', async () => {
    const id = await certifiedAndImported();
    await sync(source, id);
    expect(await certificationOf(target, id)).toEqual(await certificationOf(source, id));
    source.clock.advance(1000);
    await expectStatus(certify(source, id, { status: 'uncertified' }), 204);
    await sync(source, id);
    expect((await certificationOf(target, id))?.status).toBe('uncertified');
  });

  it('lets the newest win in both directions', async () => {
    const id = await certifiedAndImported();
    await sync(source, id);
    const carried = { status: 'uncertified', operator: OPERATOR, lastUpdatedDate: dateIn(source, 60_000) };
    target.clock.advance(source.clock.now() - target.clock.now());
    await expectStatus(certify(target, id, carried), 204);
    await sync(target, id);
    await sync(source, id);
    expect(await certificationOf(source, id)).toEqual(carried);
    // What is changed later counts as later, although this clock is behind.
    await expectStatus(certify(source, id, { status: 'certified' }), 204);
    await sync(source, id);
    expect(await certificationOf(target, id)).toMatchObject({ status: 'certified', operator: ADMINISTRATOR });
  });

  it.each(['autoSync=true', 'autosync=True', 'AUTOSYNC=TRUE'])('is asked for by %s, with any body', async (query) => {
    const id = await created(source, target.id);
    const url = `/migrations/${id}/packageInfo/certification?${query}`;
    for (const body of [undefined, {}, { status: 'certified' }]) {
      await expectStatus(source.call('PATCH', url, { body }), 204);
    }
    expect(await certificationOf(source, id)).toBeUndefined();
    const bare = { method: 'PATCH', url: `/api${url}`, headers: { 'x-mstr-authtoken': source.adminToken } } as const;
    expect((await source.app.inject(bare)).statusCode).toBe(204);
  });

  it('says when the store is away, and takes a damaged file for none', async () => {
    const id = await certifiedAndImported();
    await rename(world.storage, `${world.storage}-away`);
    const url = `/migrations/${id}/packageInfo/certification?autoSync=true`;
    const refused = await source.call('PATCH', url);
    expect(refused).toMatchObject({ status: 500, body: { code: 'ERR001', message: MESSAGES.storageMisconfigured } });
    expect((await read(target, id)).packageInfo.status).toBe('locked');
    await rename(`${world.storage}-away`, world.storage);
    await storeBytes(source.files, packageCertificationPath(id.split(':')[0] ?? ''), '{"status":"certified"}');
    expect(await certificationOf(target, id)).toBeUndefined();
    await sync(source, id);
    expect((await certificationOf(target, id))?.status).toBe('certified');
  });

  it('leaves no file behind when the package is deleted', async () => {
    const id = await certifiedAndImported();
    await sync(source, id);
    const packageId = id.split(':')[0] ?? '';
    const path = packageCertificationPath(packageId);
    await expectStatus(target.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    expect(await source.files.stat(path)).not.toBeNull();
    await expectStatus(source.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    expect(await source.files.stat(path)).toBeNull();
    expect((await read(target, id)).packageInfo.project).toMatchObject({ id: TUTORIAL });
  });
});
