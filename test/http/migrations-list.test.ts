import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type AnswerBody, type TestEnvironment, type World } from '../builders/migration-environment.ts';
import { aPackageRow, anImportRow, idOf, insertRows } from '../builders/migration-rows.ts';
import { created, expectStatus, read, storedSize } from '../builders/migration-walk.ts';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';

let world: World;
let environment: TestEnvironment;
const COUNT = 2000;

beforeAll(async () => {
  world = await createWorld();
  environment = await world.start('source');
  const numbers = Array.from({ length: COUNT }, (_, n) => n);
  // Five records share a moment, and they are not stored in the order of their dates.
  const dateOf = (n: number): string =>
    `2022-03-16T07:38:40.${String(Math.floor(((n * 7) % COUNT) / 5)).padStart(3, '0')}+0000`;
  await insertRows(
    environment.platform,
    [
      ...numbers.map((n) => aPackageRow({ id: idOf('A', n), name: `Package ${n}`, creation_date: dateOf(n) })),
      aPackageRow({ id: idOf('B', 1), purpose: 'project_merge' }),
      aPackageRow({ id: idOf('B', 2), purpose: 'migration_group' }),
      aPackageRow({ id: idOf('B', 3), deleted: 1 }),
    ],
    [
      ...numbers.map((n) => anImportRow({ id: idOf('C', n), package_id: idOf('A', n), creation_date: dateOf(n) })),
      ...[1, 2, 3].map((n) => anImportRow({ id: idOf('D', n), package_id: idOf('B', n) })),
    ],
  );
});
afterAll(() => world.close());

const list = (query: string): Promise<AnswerBody> => expectStatus(environment.call('GET', `/migrations${query}`), 200);

const total = async (purposes: string): Promise<number> => (await list(`?limit=0&${purposes}`)).total;

describe('the list', () => {
  it('comes in pages that hold every record once, newest first', async () => {
    const seen: AnswerBody['data'][number][] = [];
    for (let offset = 0; ; offset += 300) {
      const page = await list(`?offset=${offset}&limit=300`);
      expect([page.total, page.offset, page.limit]).toEqual([COUNT, offset, 300]);
      seen.push(...page.data);
      if (page.data.length < 300) break;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(COUNT);
    const dates = seen.map(({ packageInfo }) => packageInfo.creationDate);
    expect(dates).toEqual(dates.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    expect(await list('?offset=300&limit=300')).toEqual(await list('?offset=300&limit=300'));
  });

  it('shows whole records without their views', async () => {
    const [first] = (await list('?limit=1')).data;
    expect(first).toEqual(await read(environment, first?.id ?? ''));
    expect(first?.packageInfo.tocView).toBeUndefined();
  });

  it.each([
    ['', 100],
    ['?limit=0', 0],
    ['?limit=1000', 1000],
    ['?limit=-1', 1000],
    ['?offset=1990', 10],
    ['?offset=5000', 0],
    ['?limit=&&offset=', 100],
  ])('%s has %i records', async (query, count) => {
    const page = await list(query);
    expect([page.total, page.data.length]).toEqual([COUNT, count]);
  });

  it.each(['limit=1001', 'limit=-2', 'offset=-1', 'limit=x', 'offset=1.5', 'packageInfo.purpose=merge'])(
    'refuses %s',
    async (query) => {
      expect(await environment.call('GET', `/migrations?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'ERR006' },
      });
    },
  );

  it('is of object migrations unless other purposes are asked for, and never of groups by itself', async () => {
    expect(await total('packageInfo.purpose=project_merge')).toBe(1);
    expect(await total('packageInfo.purpose=object_migration%2Cproject_merge%2Cmigration_from_shared_file_store')).toBe(
      COUNT + 1,
    );
    expect(await total('packageInfo.purpose=project_merge&packageInfo.purpose=migration_group')).toBe(2);
    expect(await total('packageInfo.purpose=')).toBe(COUNT);
  });

  it('selects fields of the envelope', async () => {
    expect(await list('?fields=total')).toEqual({ total: COUNT });
  });
});

describe('one record', () => {
  it.each(['default', 'TOCVIEW', 'treeView', 'All', ''])('shows the views of showContent=%s', async (show) => {
    const { packageInfo } = await read(environment, `${idOf('A', 1)}:${idOf('C', 1)}`, `?showContent=${show}`);
    const word = show.toLowerCase();
    expect('tocView' in packageInfo).toBe(word === 'tocview' || word === 'all');
    expect('treeView' in packageInfo).toBe(word === 'treeview' || word === 'all');
  });

  it('selects top-level fields', async () => {
    const record = await read(environment, `${idOf('A', 1)}:${idOf('C', 1)}`, '?fields=id,importInfo,nothing');
    expect(Object.keys(record)).toEqual(['id', 'importInfo']);
  });

  it('refuses an unknown view, and an id that is none or not a pair', async () => {
    const id = `${idOf('A', 1)}:${idOf('C', 1)}`;
    expect((await environment.call('GET', `/migrations/${id}?showContent=some`)).status).toBe(400);
    for (const unknown of [
      'x',
      idOf('A', 1),
      `${idOf('A', 1)}:${idOf('C', 2)}`,
      `${id}:${idOf('C', 1)}`,
      `${idOf('E', 1)}:${idOf('E', 1)}`,
    ]) {
      const { status, body } = await environment.call('GET', `/migrations/${unknown}`);
      expect([status, body.code]).toEqual([404, 'ERR004']);
      expect(body.message).toBe(`The migration with id ${unknown} is not found.`);
    }
  });

  it('is found in any letter case, with the colon escaped, and under the other prefix', async () => {
    const id = `${idOf('A', 10)}:${idOf('C', 10)}`;
    expect((await read(environment, id.toLowerCase())).id).toBe(id);
    expect((await read(environment, id.replace(':', '%3a'))).id).toBe(id);
    const headers = { 'x-mstr-authtoken': environment.adminToken };
    const other = await environment.app.inject({ url: `/MicroStrategyLibrary/api/migrations/${id}/`, headers });
    expect(other.json()).toMatchObject({ id });
  });

  it('notes that its file went away, and that it came back', async () => {
    environment.clock.advance(1000);
    const id = await created(environment, 'https://target/');
    const record = await read(environment, id);
    const path = parseStorePath(record.packageInfo.storage.path ?? '');
    await environment.files.remove(path);
    expect((await read(environment, id)).packageInfo.existing).toBe(false);
    expect((await list('?limit=1')).data[0]?.packageInfo).toMatchObject({ id: record.packageInfo.id, existing: false });
    const pending = await environment.files.create(path);
    await pending.commit();
    expect((await read(environment, id)).packageInfo.existing).toBe(true);
    expect(await storedSize(environment, record)).toBe(0);
    await expectStatus(
      environment.call('DELETE', `/migrations?packageId=${record.packageInfo.id}&userComments=gone`),
      204,
    );
  });

  it('shows a certification, a validation and warnings only where there are some', async () => {
    const certification = { status: 'certified', operator: { id: 'U', name: 'U' }, lastUpdatedDate: 'D' };
    const validation = { status: 'validated', progress: 100, creationDate: 'D', lastUpdatedDate: 'D', message: '' };
    const warnings = [{ message: 'One object was left out.', bannedObjectCount: 1 }];
    await insertRows(
      environment.platform,
      [
        aPackageRow({
          id: idOf('F', 1),
          purpose: 'project_merge',
          certification: JSON.stringify(certification),
          warnings: JSON.stringify(warnings),
        }),
      ],
      [anImportRow({ id: idOf('F', 2), package_id: idOf('F', 1), validation: JSON.stringify(validation) })],
    );
    const record = await read(environment, `${idOf('F', 1)}:${idOf('F', 2)}`);
    expect(record).toMatchObject({ packageInfo: { certification, warnings }, validation });
    const bare = await read(environment, `${idOf('A', 1)}:${idOf('C', 1)}`);
    expect(['certification', 'warnings'].some((key) => key in bare.packageInfo) || 'validation' in bare).toBe(false);
  });
});
