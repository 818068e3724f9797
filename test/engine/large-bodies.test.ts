import { expect, it } from 'vitest';
import type { MetadataObject, TranslationAction } from '@longshore/domain';
import { BYTES_AT_ONCE } from '../../packages/server/src/features/migrations/body-bytes.ts';
import { anEnvironmentPair, anObject, aUser, idOf, PROJECT } from './environment.ts';
import { stateOf } from './outcomes.ts';
import { watchedConnection, type Answer } from './watched-connection.ts';

/** However large the bodies of a package and of its target are, few of them are in memory at a time. */

const OBJECTS = 5;
/** Two of them fit. */
const LARGE = 'x'.repeat(3 * 1024 * 1024);
const NEWER = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
const texts = (text: string) => ({ translations: { '1:0:': { '1031': text } } });

const tooLarge = (answers: readonly Answer[]): Answer[] =>
  answers.filter(({ rows, characters }) => rows > 1 && characters > BYTES_AT_ONCE);

const each = (make: (at: number) => MetadataObject): MetadataObject[] =>
  Array.from({ length: OBJECTS }, (_, at) => make(at));

async function importWatched(translationAction: TranslationAction, fields: Partial<MetadataObject>) {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const report = (at: number, own: Partial<MetadataObject>): MetadataObject =>
    anObject({ id: idOf(`REPORT${at}`), type: 3, name: `Report ${at}`, definition: { text: LARGE + at }, ...own });
  await source.put(...each((at) => report(at, { ...fields, ...texts('Quelle') })));
  await target.put(...each((at) => report(at, texts('Ziel'))));
  const before = await stateOf(target);
  const made = await source.create({
    content: [],
    settings: {
      defaultAction: 'replace',
      merge: {
        validateDependencies: true,
        translationAction,
        objectTypeActions: [],
        folderActions: [],
        objectActions: [],
      },
    },
  });
  const { connect, answers } = watchedConnection();
  const { counts, importId } = await target.import(made, {}, connect);
  expect(await target.findWrongHashes()).toEqual([]);
  await target.undo(made, importId);
  expect(await stateOf(target)).toEqual(before);
  return { counts, answers };
}

it('a merge brings texts together for a few bodies at a time', async () => {
  const { counts, answers } = await importWatched('replace', NEWER);
  expect(counts).toMatchObject({ replace: OBJECTS });
  expect(tooLarge(answers)).toEqual([]);
});

it('a merge writes texts of identical objects for a few bodies at a time', async () => {
  const { counts, answers } = await importWatched('force_replace', {});
  expect(counts).toMatchObject({ update_translations: OBJECTS });
  expect(tooLarge(answers)).toEqual([]);
});

it('links of users are planned for a few bodies at a time', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const id = idOf('ROLE');
  const role = anObject({
    id,
    type: 44,
    subtype: 11264,
    projectId: null,
    parentId: null,
    definition: { privileges: [] },
  });
  const user = (at: number, definition: MetadataObject['definition']): MetadataObject =>
    aUser({ id: idOf(`USER${at}`), name: `User ${at}`, definition: { username: `user${at}`, ...definition } });
  await source.put(role, ...each((at) => user(at, { securityRoles: [{ projectId: PROJECT, roleId: id }] })));
  await target.put(role, ...each((at) => user(at, { remark: LARGE + at })));
  const before = await stateOf(target);
  const made = await source.create({
    type: 'project_security',
    content: each((at) => user(at, {})).map((one) => ({ id: one.id, type: 34, action: 'replace' })),
    settings: { aclOnReplacingObjects: null },
  });
  const { connect, answers } = watchedConnection();
  const { counts, importId } = await target.import(made, {}, connect);
  expect(counts).toEqual({ replace: OBJECTS });
  expect(tooLarge(answers)).toEqual([]);
  await target.undo(made, importId);
  expect(await stateOf(target)).toEqual(before);
});
