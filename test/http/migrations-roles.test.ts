import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type Held,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { PROJECT_REF, aPackageRow, anImportRow, idOf, insertRows } from '../builders/migration-rows.ts';
import { approved, createBody, expectStatus } from '../builders/migration-walk.ts';

/** Everything, by a security role in the Tutorial project alone. */
const tutorialRole: Held = (_privilege, projectId) => projectId === TUTORIAL;
const OTHER_REF = JSON.stringify({ id: OTHER_PROJECT, name: 'Human Resources' });

interface Kind {
  readonly name: string;
  readonly pkg: Partial<Parameters<typeof aPackageRow>[0]>;
  readonly project: string | null;
  readonly visible: boolean;
}

/** A record belongs to its package's project where it was built, and to the target project on a copy. */
const KINDS: Kind[] = [
  { name: 'built from the project', pkg: { project: PROJECT_REF }, project: OTHER_REF, visible: true },
  { name: 'built from another project', pkg: { project: OTHER_REF }, project: PROJECT_REF, visible: false },
  { name: 'a copy for the project', pkg: { project: OTHER_REF, replicated: 1 }, project: PROJECT_REF, visible: true },
  {
    name: 'a copy for another project',
    pkg: { project: PROJECT_REF, replicated: 1 },
    project: OTHER_REF,
    visible: false,
  },
  { name: 'of configuration', pkg: { project: null, type: 'configuration' }, project: null, visible: false },
];

let world: World;
let source: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  await insertRows(
    source.platform,
    KINDS.map(({ pkg }, n) => aPackageRow({ id: idOf('A', n), ...pkg })),
    KINDS.map(({ project }, n) => anImportRow({ id: idOf('B', n), package_id: idOf('A', n), project })),
  );
});
afterAll(() => world.close());

const path = (n: number): string => `/migrations/${idOf('A', n)}:${idOf('B', n)}`;

describe('a caller whose privileges come from a role in one project', () => {
  it.each(KINDS.map((kind, n) => ({ ...kind, n })))('and a record $name', async ({ n, visible }) => {
    // The header is the caller's word: it neither opens a record of another project, nor is it needed for one's own.
    for (const project of [TUTORIAL, OTHER_PROJECT, undefined]) {
      const as = { as: tutorialRole, ...(project === undefined ? {} : { project }) };
      const answers = [
        await source.call('GET', path(n), as),
        await source.call('PATCH', path(n), {
          ...as,
          body: { importInfo: { environment: { id: 'https://target/' } } },
        }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(visible ? [200, 200] : [403, 403]);
    }
    const change = { packageInfo: { name: 'Another name' } };
    const renamed = await source.call('PATCH', path(n), { as: tutorialRole, project: TUTORIAL, body: change });
    if (!visible) expect(renamed.status).toBe(403);
    const deleted = await source.call('DELETE', `/migrations?packageId=${idOf('A', n)}`, {
      as: tutorialRole,
      project: visible ? OTHER_PROJECT : TUTORIAL,
    });
    expect(deleted.status).toBe(visible ? 204 : 403);
  });

  it('lists the records of that project and no others', async () => {
    await insertRows(
      source.platform,
      KINDS.map(({ pkg }, n) => aPackageRow({ id: idOf('C', n), ...pkg })),
      KINDS.map(({ project }, n) => anImportRow({ id: idOf('D', n), package_id: idOf('C', n), project })),
    );
    const visible = KINDS.flatMap((kind, n) => (kind.visible ? [idOf('C', n)] : [])).toReversed();
    const list = await expectStatus(source.call('GET', '/migrations', { as: tutorialRole }), 200);
    expect([list.total, list.data.map(({ packageInfo }) => packageInfo.id)]).toEqual([visible.length, visible]);
    const page = await expectStatus(source.call('GET', '/migrations?offset=1&limit=1', { as: tutorialRole }), 200);
    expect([page.total, page.data.map(({ packageInfo }) => packageInfo.id)]).toEqual([visible.length, [visible[1]]]);
  });

  it('imports into that project without the header, and into no other', async () => {
    const target = await world.start('target');
    const body = await approved(source, target.id);
    await expectStatus(target.call('PUT', `/migrations/${body.id}`, { body, as: tutorialRole }), 201);
    const elsewhere = { ...body, importInfo: { ...body.importInfo, project: { id: OTHER_PROJECT } } };
    const refused = await target.call('PUT', `/migrations/${body.id}`, { body: elsewhere, as: tutorialRole });
    expect([refused.status, refused.body.code]).toEqual([403, 'ERR014']);
  });

  it('creates packages of that project and of no other', async () => {
    const create = (project: string) =>
      source.call('POST', '/migrations', { body: createBody('https://target/'), project, as: tutorialRole });
    expect([(await create(TUTORIAL)).status, (await create(OTHER_PROJECT)).status]).toEqual([201, 403]);
  });
});

it('a caller who holds the privileges nowhere is refused before the body is read', async () => {
  const answer = await source.call('PUT', path(0), { body: 'no record at all', as: () => false });
  expect([answer.status, answer.body.code]).toEqual([403, 'ERR014']);
});
