import { expect, it } from 'vitest';
import {
  aclForNew,
  aclForReplaced,
  aclText,
  RIGHTS,
  WELL_KNOWN,
  type AclEntry,
  type MetadataObject,
} from '@longshore/domain';
import { BYTES_AT_ONCE } from '../../packages/server/src/features/migrations/body-bytes.ts';
import { anEnvironmentPair, anObject, aUser, idOf, type EngineEnvironment } from './environment.ts';
import { stateOf } from './outcomes.ts';
import { watchedConnection } from './watched-connection.ts';

/** A package of which every object has a long access control list of its own: they are in memory a few at a time. */

const USERS = Array.from({ length: 200 }, (_, at) => idOf(`USER${at}`));
/** Whom the target does not have. */
const STRANGER = idOf('STRANGER');
const FOLDERS = 12;
const OBJECTS = 500;
const BOTH = ['keep_acl_as_source_object', 'inherit_acl_as_dest_folder'] as const;

const listOf = (seed: number): AclEntry[] =>
  USERS.map((trusteeId, at) => ({
    trusteeId,
    rights: ((seed * 7 + at * 3) % RIGHTS.full) + 1,
    deny: false,
    inheritable: (seed + at) % 2 === 0,
  }));

const folderAt = (at: number): MetadataObject =>
  anObject({
    id: idOf(`FOLDER${at}`),
    type: 8,
    name: `Folder ${at}`,
    parentId: at % 4 === 0 ? WELL_KNOWN.publicObjects : idOf(`FOLDER${at - 1}`),
    acl: listOf(at),
  });

const objectAt = (at: number, fields: Partial<MetadataObject> = {}): MetadataObject =>
  anObject({
    id: idOf(`OBJECT${at}`),
    type: 4,
    name: `Object ${at}`,
    parentId: idOf(`FOLDER${at % FOLDERS}`),
    acl:
      at === 7
        ? [...listOf(100 + at), { trusteeId: STRANGER, rights: 1, deny: false, inheritable: false }]
        : listOf(100 + at),
    ...fields,
  });

/** What a third of the objects are on the target. */
const existingAt = (at: number): MetadataObject =>
  objectAt(at, { parentId: WELL_KNOWN.publicObjects, version: idOf('V0'), acl: listOf(1000 + at) });
const isThere = (at: number): boolean => at % 3 === 0;

const every = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

async function aclTexts(environment: EngineEnvironment): Promise<Map<string, string>> {
  const rows = await environment.metadata.reader
    .selectFrom('object')
    .innerJoin('acl', 'acl.id', 'object.acl_id')
    .select(['object.id', 'acl.entries'])
    .execute();
  return new Map(rows.map(({ id, entries }) => [id, entries]));
}

function expectedTexts(): Map<string, string> {
  const texts = new Map<string, string>();
  const exists = (id: string): boolean => id !== STRANGER;
  const made = (object: MetadataObject, parent: readonly AclEntry[]): readonly AclEntry[] => {
    const { acl: incoming, ownerId } = object;
    const { acl } = aclForNew(BOTH, { incoming, parent, isFolder: object.type === 8, ownerId }, exists);
    texts.set(object.id, aclText(acl));
    return acl;
  };
  const folders: (readonly AclEntry[])[] = [];
  for (let at = 0; at < FOLDERS; at += 1) {
    folders.push(made(folderAt(at), at % 4 === 0 ? anObject({ id: '', type: 8 }).acl : (folders[at - 1] ?? [])));
  }
  for (let at = 0; at < OBJECTS; at += 1) {
    const object = objectAt(at);
    if (isThere(at))
      texts.set(object.id, aclText(aclForReplaced('keep_both', existingAt(at).acl, object.acl, exists).acl));
    else made(object, folders[at % FOLDERS] ?? []);
  }
  return texts;
}

it('gives every object the list that it would have if it came alone, and takes it back', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const users = USERS.map((id, at) => aUser({ id, name: `User ${at}`, abbreviation: `user${at}` }));
  await source.put(...users, aUser({ id: STRANGER, name: 'Stranger', abbreviation: 'stranger' }));
  await source.put(...every(FOLDERS, folderAt), ...every(OBJECTS, (at) => objectAt(at)));
  await target.put(...users, ...every(OBJECTS, existingAt).filter((_, at) => isThere(at)));
  const before = await stateOf(target);
  const made = await source.create({
    content: [
      ...every(FOLDERS, folderAt).map(({ id }) => ({ id, type: 8 })),
      ...every(OBJECTS, (at) => ({ id: objectAt(at).id, type: 4 })),
    ],
    settings: { aclOnNewObjects: [...BOTH], aclOnReplacingObjects: 'keep_both' },
  });

  const { connect, answers } = watchedConnection();
  const { counts, message, importId } = await target.import(made, {}, connect);
  expect(counts).toMatchObject({ replace: Math.ceil(OBJECTS / 3) });
  expect(message).toContain(STRANGER);
  const after = await aclTexts(target);
  for (const [id, text] of expectedTexts()) expect(after.get(id) === text, id).toBe(true);
  expect(answers.filter(({ rows, characters }) => rows > 1 && characters > BYTES_AT_ONCE)).toEqual([]);

  await target.undo(made, importId);
  expect(await stateOf(target)).toEqual(before);
});
