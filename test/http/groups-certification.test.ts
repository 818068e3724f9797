import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aMember, call, createdGroup, expecting, importedGroup, patch, readGroup } from '../builders/group-walk.ts';
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
    expect(rejected.body.message).toContain("`certification.status` is not set and cannot become 'rejected'");
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
  beforeEach(async () => {
    const imported = await importedGroup(source, target, { migrations: [aMember(TUTORIAL)] });
    id = imported.id;
  });

  it('is copied with its operator and date, and an older copy changes nothing', async () => {
    const certification = { status: 'certified', operator, lastUpdatedDate: '2022-03-17T00:00:00.000+0000' };
    await expecting(certify(target, { certification }), 204);
    expect(await shown(target)).toEqual(certification);
    const older = { ...certification, status: 'uncertified', lastUpdatedDate: '2022-03-16T23:00:00.000+0000' };
    await expecting(certify(target, older), 204);
    expect(await shown(target)).toEqual(certification);
  });

  it('is not decided there', async () => {
    const { status, body } = await certify(target, { status: 'certified' });
    expect([status, body.message]).toEqual([400, expect.stringContaining("`packageInfo.replicated` is 'true'.")]);
  });

  it.each(['?autoSync=true', '?autosync=True'])('is exchanged over the shared store with %s', async (query) => {
    const certification = { status: 'certified', operator, lastUpdatedDate: '2022-03-17T00:00:00.000+0000' };
    await expecting(certify(source, { certification }), 204);
    await expecting(certify(target, {}, undefined, query), 204);
    expect(await shown(target)).toBeUndefined();
    await expecting(certify(source, {}, undefined, query), 204);
    await expecting(certify(target, {}, undefined, query), 204);
    expect(await shown(target)).toEqual(certification);
    const newer = { ...certification, status: 'uncertified', lastUpdatedDate: '2022-03-18T00:00:00.000+0000' };
    await expecting(certify(target, newer), 204);
    await expecting(certify(target, {}, undefined, query), 204);
    await expecting(certify(source, {}, undefined, query), 204);
    expect(await shown(source)).toEqual(newer);
    expect((await certify(source, {}, [], query)).status).toBe(403);
  });

  it('travels with the group when it is imported', async () => {
    id = await createdGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
    await expecting(certify(source, { status: 'certified' }), 204);
    for (const status of ['requested', 'approved'])
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    const group = await readGroup(source, id, '?showContent=all');
    const migrations = group.migrations.map((member) => ({
      ...member,
      packageInfo: { ...member.packageInfo, replicated: true },
    }));
    await expecting(call(target, 'PUT', `/${id}`, { body: { ...group, migrations } }), 201);
    expect(await shown(target)).toEqual(group.certification);
    await target.runner.finishImport();
  });
});
