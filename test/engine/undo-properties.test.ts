import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFLICT_ACTIONS, WELL_KNOWN, type ConflictAction, type MetadataObject } from '@longshore/domain';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type EnvironmentPair } from './environment.ts';
import { orRefused, stateOf } from './outcomes.ts';
import { looseEnds } from './loose-ends.ts';

const FOLDERS = ['FA', 'FB', 'FC'].map(idOf);
const METRICS = ['MA', 'MB', 'MC', 'MD'].map(idOf);
const ADDED = ['XA', 'XB'].map(idOf);
const ROOT = WELL_KNOWN.publicObjects;
const VERSIONS = ['V1', 'V2'] as const;
const at = (ids: readonly string[], index: number): string => ids[index] ?? ROOT;

const folder = fc.record({ version: fc.constantFrom(...VERSIONS), name: fc.nat(2), isOnTop: fc.boolean() });
const metric = fc.record({
  version: fc.constantFrom(...VERSIONS),
  name: fc.nat(2),
  parent: fc.nat(FOLDERS.length),
  need: fc.nat(METRICS.length * 3),
});
const few = <T>(of: fc.Arbitrary<T>, count: number) =>
  fc.array(fc.option(of, { freq: 6 }), { minLength: count, maxLength: count });
const project = fc.record({
  folders: few(folder, FOLDERS.length),
  metrics: few(metric, METRICS.length),
  /** Folders lie in the one before, so that there is a way up from all of them. */
  order: fc.shuffledSubarray([...FOLDERS.keys()], { minLength: FOLDERS.length }),
});
type Project = typeof project extends fc.Arbitrary<infer P> ? P : never;

/** Only what holds together; several may share a name, as an environment that is older than the rule may have it. */
function objectsOf({ folders, metrics, order }: Project): MetadataObject[] {
  const folderAt = (index: number | undefined): string =>
    index !== undefined && folders[index] ? at(FOLDERS, index) : ROOT;
  const fieldsOf = (version: string) => ({
    version: idOf(version),
    dateModified: `202${version.slice(1)}-05-05T00:00:00.000+0000`,
  });
  const placed = folders.flatMap((one, index) =>
    one === null
      ? []
      : anObject({
          id: at(FOLDERS, index),
          type: 8,
          name: `Name ${one.name}`,
          parentId: folderAt(one.isOnTop ? undefined : order[order.indexOf(index) - 1]),
          ...fieldsOf(one.version),
        }),
  );
  const inThem = metrics.flatMap((one, index) =>
    one === null
      ? []
      : anObject({
          id: at(METRICS, index),
          type: 4,
          name: `Name ${one.name}`,
          parentId: folderAt(one.parent),
          definition: {
            of: one.version,
            needs: metrics[one.need] && one.need !== index ? [{ objectId: at(METRICS, one.need) }] : [],
          },
          ...fieldsOf(one.version),
        }),
  );
  return [...placed, ...inThem];
}

const UNDONE = CONFLICT_ACTIONS.filter((action) => action !== 'keep_both');
const rules = fc.array(fc.option(fc.constantFrom<ConflictAction>(...UNDONE, 'replace', 'replace'), { freq: 4 }), {
  minLength: FOLDERS.length + METRICS.length,
  maxLength: FOLDERS.length + METRICS.length,
});

const edit = fc.record({
  kind: fc.constantFrom('move', 'move', 'move', 'rename', 'rename', 'add', 'edit', 'remove'),
  object: fc.oneof(fc.nat(FOLDERS.length - 1), fc.nat(FOLDERS.length + METRICS.length + ADDED.length - 1)),
  folder: fc.nat(FOLDERS.length),
  name: fc.constantFrom('Name 0', 'name 1', 'NAME 2', 'Other'),
  need: fc.nat(METRICS.length - 1),
});
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

const loadObjects = async (environment: EngineEnvironment): Promise<Map<string, MetadataObject>> =>
  new Map((await environment.dump()).map((line) => JSON.parse(line) as MetadataObject).map((one) => [one.id, one]));

const placeOf = ({ parentId, type, name }: MetadataObject): string => `${parentId} ${type} ${name.toLowerCase()}`;

/** The object as somebody would edit it; null when there is nothing to edit. */
function edited(objects: ReadonlyMap<string, MetadataObject>, { kind, object, folder, name, need }: Edit) {
  const id = at([...FOLDERS, ...METRICS, ...ADDED], object);
  const before = objects.get(id);
  const target = at(METRICS, need);
  const definition = { edited: true, needs: objects.has(target) && target !== id ? [{ objectId: target }] : [] };
  const version = idOf('EDITED');
  const parentId = at(FOLDERS, folder);
  if (kind === 'add') {
    return before || !ADDED.includes(id) ? null : anObject({ id, type: 4, name, parentId, version, definition });
  }
  if (!before) return null;
  if (kind === 'move') return { ...before, parentId };
  if (kind === 'rename') return { ...before, name, version };
  return kind === 'edit' && before.type === 4 ? { ...before, definition, version } : null;
}

/** What the server itself would allow: a folder that is there, no circle, no name that is taken. */
function isLegal(objects: ReadonlyMap<string, MetadataObject>, after: MetadataObject): boolean {
  for (let up: string | null = after.parentId; up !== null; up = objects.get(up)?.parentId ?? null) {
    if (up === after.id || !objects.has(up)) return false;
  }
  const before = objects.get(after.id);
  if (before && placeOf(before) === placeOf(after)) return true;
  return [...objects.values()].every((other) => other.id === after.id || placeOf(other) !== placeOf(after));
}

async function work(target: EngineEnvironment, edits: readonly Edit[]): Promise<number> {
  let done = 0;
  for (const one of edits) {
    const objects = await loadObjects(target);
    if (one.kind === 'remove') {
      const id = at([...FOLDERS, ...METRICS], one.object);
      const isUsed = (await target.references()).some((edge) => edge.split(' ')[2] === id);
      const isFull = [...objects.values()].some(({ parentId }) => parentId === id);
      if (isUsed || isFull || id === ROOT || !objects.has(id)) continue;
      await target.remove(id);
    } else {
      const after = edited(objects, one);
      if (!after || !isLegal(objects, after)) continue;
      await target.put(after);
    }
    done += 1;
  }
  return done;
}

/** Pairs of objects that have one name. */
function namesakes(objects: ReadonlyMap<string, MetadataObject>): string[] {
  const groups = Map.groupBy(
    [...objects.values()].filter(({ type }) => type !== 34),
    placeOf,
  );
  return [...groups.values()].flatMap((group) =>
    group.flatMap((a) => group.filter((b) => a.id < b.id).map((b) => `${a.id} ${b.id}`)),
  );
}

async function importFrom(
  { source, target }: EnvironmentPair,
  dev: Project,
  asked: readonly (ConflictAction | null)[],
) {
  const present = new Set(objectsOf(dev).map(({ id }) => id));
  const content = [...FOLDERS, ...METRICS].flatMap((id, index) => {
    const action = asked[index] ?? null;
    const isThere = present.has(id) || action === 'delete';
    return action === null || !isThere ? [] : { id, type: FOLDERS.includes(id) ? 8 : 4, action };
  });
  if (content.length === 0) return null;
  const made = await source.create({ content });
  const imported = await orRefused(target.import(made));
  return imported && { made, ...imported };
}

type Objects = ReadonlyMap<string, MetadataObject>;

/** What the import changed is as it was; what it made is gone, but for folders that are in use. */
function expectUndone({ before, imported, after }: { before: Objects; imported: Objects; after: Objects }): void {
  for (const id of new Set([...before.keys(), ...imported.keys()])) {
    const was = before.get(id);
    if (JSON.stringify(was) === JSON.stringify(imported.get(id))) continue;
    const now = after.get(id);
    if (was !== undefined || now?.type !== 8) expect(now).toEqual(was);
    else expect([...after.values()].some(({ parentId }) => parentId === id)).toBe(true);
  }
}

describe('an undo after any work on the target', () => {
  it('is exact and leaves everything in order, or stops and changes nothing', async () => {
    const ended = { untouched: 0, undone: 0, stopped: 0 };
    const edits = fc.oneof(
      fc.constant([]),
      fc.array(edit, { minLength: 3, maxLength: 10 }),
      fc.array(edit, { minLength: 3, maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(project, project, rules, edits, async (dev, prod, asked, steps) => {
        await using pair = await anEnvironmentPair();
        const { source, target } = pair;
        await source.put(...objectsOf(dev));
        await target.put(...objectsOf(prod));
        const before = await loadObjects(target);
        const whole = await stateOf(target);
        const done = await importFrom(pair, dev, asked);
        if (!done) return;
        const imported = await loadObjects(target);
        const edited = await work(target, steps);
        const worked = await stateOf(target);
        const undone = await orRefused(target.undo(done.made, done.importId));
        if (!undone) {
          expect(edited).toBeGreaterThan(0);
          expect(await stateOf(target)).toEqual(worked);
          ended.stopped += 1;
          return;
        }
        ended[edited === 0 ? 'untouched' : 'undone'] += 1;
        if (edited === 0) expect(await stateOf(target)).toEqual(whole);
        const after = await loadObjects(target);
        expectUndone({ before, imported, after });
        expect(await looseEnds(target)).toEqual([]);
        expect(await target.findWrongHashes()).toEqual([]);
        const shared = new Set(namesakes(before));
        expect(namesakes(after).filter((two) => !shared.has(two))).toEqual([]);
      }),
      { numRuns: 120, seed: 6 },
    );
    expect(ended.untouched).toBeGreaterThan(5);
    expect(ended.undone).toBeGreaterThan(20);
    expect(ended.stopped).toBeGreaterThan(3);
  });
});
