import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { certificationPath } from '../../packages/server/src/platform/files/store-path.ts';
import { wireDate } from '../../packages/server/src/platform/clock.ts';
import {
  aMember,
  asReplica,
  call,
  createdGroup,
  expecting,
  importedGroup,
  patch,
  readGroup,
} from '../builders/group-walk.ts';
import { storeBytes } from '../builders/held-runner.ts';
import { createWorld, TUTORIAL, type TestEnvironment, type World } from '../builders/migration-environment.ts';
import { idOf } from '../builders/migration-rows.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;
let id: string;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());
beforeEach(async () => {
  id = await createdGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
});

const ARCHITECT = [295];
const ADMINISTRATOR = [295, 296, 1002];

const certify = (environment: TestEnvironment, body: unknown, as?: readonly number[], query = '') =>
  call(environment, 'PATCH', `/${id}/certification${query}`, { body, ...(as ? { as: as as never } : {}) });
const shown = async (environment: TestEnvironment) => (await readGroup(environment, id)).certification;

describe('the certification of a group', () => {
  it('is absent at first, is asked for, given and taken back', async () => {
    expect(await shown(source)).toBeUndefined();
    for (const [status, as] of [
      ['requested', ARCHITECT],
      ['uncertified', ARCHITECT],
      ['requested', ARCHITECT],
      ['rejected', ADMINISTRATOR],
      ['certified', ADMINISTRATOR],
      ['uncertified', ADMINISTRATOR],
    ] as const) {
      source.clock.advance(1000);
      await expecting(certify(source, { status }, as), 204);
      expect(await shown(source)).toEqual({
        status,
        operator: { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator', fullName: 'Administrator' },
        lastUpdatedDate: expect.stringMatching(/\+0000$/),
      });
    }
  });

  it.each([
    ['bare', { status: 'requested' }],
    ['wrapped', { certification: { status: 'requested' } }],
    ['wrapped twice', { packageInfo: { certification: { status: 'requested' } } }],
  ])('may be sent %s', async (_, body) => {
    await expecting(certify(source, body), 204);
    expect((await shown(source))?.status).toBe('requested');
  });

  it('is given by those who may', async () => {
    for (const status of ['certified', 'rejected']) {
      const { status: answer, body } = await certify(source, { status }, ARCHITECT);
      expect([answer, body.code]).toEqual([403, 'ERR014']);
      expect(body.message).toContain('Certify package');
    }
    await expecting(certify(source, { status: 'certified' }, [1002]), 204);
    expect((await certify(source, { status: 'uncertified' }, ARCHITECT)).status).toBe(403);
  });

  it('follows its own steps, and only while the packages are created', async () => {
    const rejected = await certify(source, { status: 'rejected' });
    expect([rejected.status, rejected.body.code]).toEqual([400, 'ERR006']);
    expect(rejected.body.message).toContain("certification.status` is not set and cannot become 'rejected'");
    expect((await certify(source, {})).body.code).toBe('ERR005');
    expect((await certify(source, { status: 'certifed' })).body.code).toBe('ERR006');
    for (const status of ['requested', 'approved'])
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    const locked = await certify(source, { status: 'requested' });
    expect([locked.status, locked.body.message]).toEqual([
      400,
      expect.stringContaining("`packageInfo.status` is 'locked'."),
    ]);
    id = `${idOf('A', 1)}:${idOf('B', 1)}`;
    expect((await certify(source, { status: 'requested' })).status).toBe(404);
  });

  it('is dropped when the group is edited', async () => {
    await expecting(certify(source, { status: 'certified' }), 204);
    const body = { name: 'G2', migrations: [aMember(TUTORIAL)] };
    await expecting(call(source, 'PUT', `/${id}`, { body }), 202);
    expect(await shown(source)).toBeUndefined();
    await source.runner.finishCreation();
  });
});

describe('the certification on the other side', () => {
  const operator = { id: idOf('C', 1), name: 'cara', fullName: 'Cara Certifier' };
  const HOUR = 3_600_000;
  /** A certification of another environment, so many hours ago. */
  const certification = (status: string, hours: number) => ({
    status,
    operator,
    lastUpdatedDate: wireDate(target.clock.now() - hours * HOUR),
  });

  it('is copied with its operator and date, and an older copy changes nothing', async () => {
    id = (await importedGroup(source, target, { migrations: [aMember(TUTORIAL)] })).id;
    const copy = certification('certified', 1);
    await expecting(certify(target, { certification: copy }), 204);
    expect(await shown(target)).toEqual(copy);
    await expecting(certify(target, certification('uncertified', 2)), 204);
    expect(await shown(target)).toEqual(copy);
    const future = await certify(target, certification('uncertified', -1));
    expect([future.status, future.body.message]).toEqual([400, expect.stringContaining('is in the future')]);
  });

  it('is not decided there', async () => {
    id = (await importedGroup(source, target, { migrations: [aMember(TUTORIAL)] })).id;
    const { status, body } = await certify(target, { status: 'certified' });
    expect([status, body.message]).toEqual([400, expect.stringContaining("`packageInfo.replicated` is 'true'.")]);
  });

  it.each(['?autoSync=true', '?autosync=True'])('is exchanged over the shared store with %s', async (query) => {
    const given = certification('certified', 2);
    await expecting(certify(source, { certification: given }), 204);
    for (const status of ['requested', 'approved']) {
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    }
    const { certification: _, ...uncertified } = await readGroup(source, id, '?showContent=all');
    await expecting(call(target, 'PUT', `/${id}`, { body: asReplica(uncertified) }), 201);
    await target.runner.finishImport();
    const sync = (environment: TestEnvironment) => certify(environment, {}, undefined, query);
    await expecting(sync(target), 204);
    expect(await shown(target)).toBeUndefined();
    await expecting(sync(source), 204);
    await expecting(sync(target), 204);
    expect(await shown(target)).toEqual(given);
    const newer = certification('uncertified', 1);
    await expecting(certify(target, newer), 204);
    await expecting(sync(target), 204);
    await expecting(sync(source), 204);
    expect(await shown(source)).toEqual(newer);
    expect((await certify(source, {}, [], query)).status).toBe(403);
    await storeBytes(
      source.files,
      certificationPath(id.split(':')[0] ?? '', id.split(':')[1] ?? ''),
      'no certification',
    );
    await expecting(sync(source), 204);
    expect(await shown(source)).toEqual(newer);
  });

  it('travels with the group when it is imported', async () => {
    await expecting(certify(source, { status: 'certified' }), 204);
    for (const status of ['requested', 'approved']) {
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    }
    const group = await readGroup(source, id, '?showContent=all');
    await expecting(call(target, 'PUT', `/${id}`, { body: asReplica(group) }), 201);
    expect(await shown(target)).toEqual(group.certification);
    await target.runner.finishImport();
  });
});
