import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMember, call, CONFIGURATION, createdGroup, expecting, patch } from '../builders/group-walk.ts';
import {
  createWorld,
  OTHER_PROJECT,
  TUTORIAL,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';

let world: World;
let source: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
});
afterAll(() => world.close());

describe('the list of groups', () => {
  it('shows a page, newest first, without views', async () => {
    const world = await createWorld();
    try {
      const other = await world.start('other');
      const ids: string[] = [];
      for (const name of ['A', 'B', 'C']) {
        ids.push(await createdGroup(other, 'https://target/', { name, migrations: [aMember(TUTORIAL)] }));
        other.clock.advance(1000);
      }
      const page = await expecting(call(other, 'GET', '?offset=1&limit=1'), 200);
      expect(page).toMatchObject({ total: 3, offset: 1, limit: 1 });
      expect(page.data.map((group) => group.id)).toEqual([ids[1]]);
      expect(page.data[0]?.migrations[0]?.packageInfo).not.toHaveProperty('tocView');
      const all = await expecting(call(other, 'GET', '?limit=-1'), 200);
      expect(all.data.map((group) => group.name)).toEqual(['C', 'B', 'A']);
      for (const query of ['?limit=1001', '?limit=-2', '?offset=-1']) {
        const { status, body } = await call(other, 'GET', query);
        expect([query, status, body.code]).toEqual([query, 400, 'ERR006']);
      }
    } finally {
      await world.close();
    }
  });

  it('is apart from that of single migrations, in which members are by purpose only', async () => {
    const id = await createdGroup(source, 'https://target/');
    const list = (query: string) => source.call('GET', `/migrations${query}`);
    expect((await list('')).body.data).toEqual([]);
    const { body } = await list('?packageInfo.purpose=migration_group,migration_group_child&limit=1000');
    const [packageGroupId, importGroupId] = id.split(':');
    const members = body.data.filter((record) => record.packageInfo.groupId === packageGroupId);
    expect(members).toHaveLength(3);
    expect(members.every((record) => record.importInfo.groupId === importGroupId)).toBe(true);
  });
});

describe('who may see a group', () => {
  const inside = (projects: readonly (string | null)[]) => (privilege: number, project: string | null) =>
    privilege === 295 && projects.includes(project);

  it('may see all of its packages', async () => {
    const world = await createWorld();
    try {
      const other = await world.start('other');
      const both = await createdGroup(other, 'https://target/', {
        migrations: [aMember(TUTORIAL), aMember(OTHER_PROJECT)],
      });
      const one = await createdGroup(other, 'https://target/', { migrations: [aMember(TUTORIAL)] });
      const configuration = await createdGroup(other, 'https://target/', { migrations: [CONFIGURATION] });
      const as = inside([TUTORIAL]);
      const list = await expecting(call(other, 'GET', '', { as }), 200);
      expect([list.total, list.data.map((group) => group.id)]).toEqual([1, [one]]);
      expect((await call(other, 'GET', `/${one}`, { as })).status).toBe(200);
      for (const id of [both, configuration]) {
        const packageGroupId = id.split(':')[0];
        for (const answer of [
          await call(other, 'GET', `/${id}`, { as }),
          await patch(other, id, { name: 'N' }, { as }),
          await call(other, 'DELETE', `?packageGroupId=${packageGroupId}`, { as }),
        ]) {
          expect([answer.status, answer.body.code]).toEqual([403, 'ERR014']);
        }
      }
      expect((await call(other, 'GET', '', { as: inside([TUTORIAL, OTHER_PROJECT]) })).body.total).toBe(2);
      expect((await call(other, 'GET', '', { as: inside([null, TUTORIAL, OTHER_PROJECT]) })).body.total).toBe(3);
      expect((await call(other, 'GET', '', { as: [] })).status).toBe(403);
    } finally {
      await world.close();
    }
  });
});
