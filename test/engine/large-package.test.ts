import { expect, it } from 'vitest';
import { RIGHTS, WELL_KNOWN, type MetadataObject } from '@longshore/domain';
import { listIndexes } from '../builders/databases.ts';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment } from './environment.ts';

/** A package that holds much of its project reads it as a whole; what it holds is judged as in any other. */

/** So many that the project is read as a whole. */
const OBJECTS = 6_000;
const USES = 4;
/** Of no package. */
const UNSUPPORTED = 134;
const ANN = { id: idOf('ANN'), name: 'Ann', principalIds: [idOf('ANN'), WELL_KNOWN.everyone], bypassesSecurity: false };
const FOR_ALL = [{ trusteeId: WELL_KNOWN.everyone, rights: RIGHTS.full, deny: false, inheritable: false }];
const FOR_NOBODY = [{ trusteeId: WELL_KNOWN.administrator, rights: 255, deny: false, inheritable: false }];
/** Nothing is said of its name. */
const SEEN_BY_ALL = [{ trusteeId: WELL_KNOWN.everyone, rights: RIGHTS.browse, deny: false, inheritable: false }];

interface Node {
  readonly object: MetadataObject;
  readonly uses: readonly string[];
  readonly fate: 'comes' | 'unreadable' | 'unsupported';
}

const nodeId = (index: number): string => idOf(`N${index}`);
const folderId = (index: number): string => idOf(`FOLDER${index}`);

function fateOf(index: number): Node['fate'] {
  if (index % 41 === 40) return 'unreadable';
  return index % 53 === 52 ? 'unsupported' : 'comes';
}

/** Objects that need one another across the whole, some of which are not there, not to be read, or of no package. */
function graph(): Node[] {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  return Array.from({ length: OBJECTS }, (_, index) => {
    const fate = fateOf(index);
    const next = Array.from({ length: USES }, (__, use) => nodeId(Math.min(USES * index + use + 1, OBJECTS + 30)));
    const uses = [...next, nodeId(random(OBJECTS))];
    const acl = fate !== 'unreadable' ? FOR_ALL : index % 2 === 0 ? FOR_NOBODY : SEEN_BY_ALL;
    const type = fate === 'unsupported' ? UNSUPPORTED : 4;
    const object = anObject({
      id: nodeId(index),
      type,
      name: `Object ${index}`,
      parentId: index % 3 === 0 ? WELL_KNOWN.publicObjects : folderId(index % 7),
      acl,
      definition: { needs: uses.map((objectId) => ({ objectId })) },
    });
    return { object, uses, fate };
  });
}

interface Expected {
  readonly ids: string[];
  readonly leftOut: ReadonlyMap<string, Node['fate'] | 'missing'>;
}

function expectedOf(nodes: readonly Node[]): Expected {
  const byId = new Map(nodes.map((node) => [node.object.id, node]));
  const ids: string[] = [];
  const leftOut = new Map<string, Node['fate'] | 'missing'>();
  const seen = new Set([nodeId(0)]);
  for (const id of seen) {
    const node = byId.get(id);
    if (node?.fate !== 'comes') {
      leftOut.set(id, node?.fate ?? 'missing');
      continue;
    }
    ids.push(id);
    for (const used of node.uses) seen.add(used);
  }
  return { ids: ids.toSorted(), leftOut };
}

async function fill(source: EngineEnvironment, nodes: readonly Node[]): Promise<void> {
  for (let index = 0; index < 7; index += 1) {
    const parentId = index === 0 ? WELL_KNOWN.publicObjects : folderId(index - 1);
    await source.put(anObject({ id: folderId(index), type: 8, name: `Folder ${index}`, parentId, acl: FOR_ALL }));
  }
  await source.put(...nodes.map(({ object }) => object));
}

it('takes along what can be reached, and tells of everything that it leaves behind and why', async () => {
  await using pair = await anEnvironmentPair();
  const { source } = pair;
  const nodes = graph();
  await fill(source, nodes);
  const expected = expectedOf(nodes);
  expect(expected.ids.length).toBeGreaterThan(5_000);
  const request = { content: [{ id: nodeId(0), type: 4, includeDependents: true }], caller: ANN };
  const { result, storagePath } = await source.create(request);
  const content = result.content.map(({ id }) => id);
  expect(content.toSorted()).toEqual(expected.ids);
  const told = result.warnings.reduce((sum, { bannedObjectCount = 0 }) => sum + bannedObjectCount, 0);
  expect(told).toBe(expected.leftOut.size);
  const whys = { unreadable: 'may not read it', unsupported: 'cannot hold it', missing: 'does not exist', comes: '' };
  const named = new Set<string>();
  for (const { message } of result.warnings.slice(0, 50)) {
    const id = /id ([0-9A-F]{32})/.exec(message)?.[1] ?? '';
    const why = expected.leftOut.get(id);
    expect(why && message).toContain(whys[why ?? 'comes']);
    // Whoever may not browse an object is not told its name.
    const isHidden = why === 'missing' || nodes.find(({ object }) => object.id === id)?.object.acl === FOR_NOBODY;
    expect(message.startsWith(isHidden ? 'The object with' : "Object 'Object ")).toBe(true);
    named.add(id);
  }
  expect(named.size).toBe(50);
  const headers = (await source.readPackage(storagePath)).map(
    ({ header }) => JSON.parse(header) as Record<string, unknown>,
  );
  expect(headers.filter(({ role }) => role === 'ancestor').map(({ name }) => name)).toEqual([
    'MicroStrategy Tutorial',
    'Public Objects',
    ...Array.from({ length: 7 }, (_, index) => `Folder ${index}`),
  ]);
  const uses = new Map(nodes.map((node) => [node.object.id, node.uses]));
  for (const { id, role, references } of headers) {
    if (role === 'ancestor') continue;
    const ids = (references as { id: string }[]).map((reference) => reference.id);
    expect(ids).toEqual([...new Set(uses.get(String(id)))].toSorted());
  }
});

it('is undone to the byte where most of the project goes with it, and leaves every index', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  // So many that the indexes are built anew, by the import and by its undo.
  const ids = Array.from({ length: 2_100 }, (_, index) => idOf(`M${index}`));
  const needs = (id: string) => ({ needs: [{ objectId: id }] });
  await source.put(...ids.map((id, index) => anObject({ id, type: 4, definition: needs(ids[index - 1] ?? id) })));
  const kept = anObject({ id: idOf('KEPT'), type: 4, name: 'Kept', definition: needs(idOf('M7')) });
  const old = anObject({ id: idOf('M9'), type: 4, name: 'Old', version: idOf('V0'), definition: needs(kept.id) });
  await target.put(kept, old);
  const before = [await target.dump(), await target.references(), await listIndexes(target.metadata)];
  const made = await source.create({ content: ids.map((id) => ({ id, type: 4, action: 'replace' })) });
  const imported = await target.import(made);
  expect(imported.counts).toMatchObject({ create: 2_099, replace: 1 });
  expect(await target.references()).toHaveLength(2_100);
  await target.undo(made, imported.importId);
  expect([await target.dump(), await target.references(), await listIndexes(target.metadata)]).toEqual(before);
});
