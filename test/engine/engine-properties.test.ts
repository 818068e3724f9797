import * as fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { CONFLICT_ACTIONS, WELL_KNOWN, type ConflictAction, type MetadataObject } from '@longshore/domain';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { ObjectIndexes } from '../../packages/server/src/features/searches/object-indexes.ts';
import { listTables } from '../builders/databases.ts';
import { expectSameFound } from '../builders/same-found.ts';
import { failingConnection, InjectedFailure } from './failing-connection.ts';
import { looseEnds } from './loose-ends.ts';
import {
  anEnvironmentPair,
  anObject,
  idOf,
  PROJECT,
  type EngineEnvironment,
  type EnvironmentPair,
  type PackageRequest,
} from './environment.ts';
import { orRefused, stateOf } from './outcomes.ts';

/** A small world with every kind of trouble: folders in folders, needs in circles, moves, renames, other versions. */
const FOLDERS = ['FA', 'FB', 'FC'].map(idOf);
const OBJECTS = ['OA', 'OB', 'OC', 'OD', 'OE', 'OF'].map(idOf);
const ROOT = WELL_KNOWN.publicObjects;

const VERSIONS = ['V1', 'V2', 'V3'] as const;
const dateOf = (version: string): string => `202${version.slice(1)}-05-05T00:00:00.000+0000`;

interface Cell {
  readonly version: (typeof VERSIONS)[number];
  readonly parent: number;
  readonly needs: readonly number[];
  readonly name: number;
}

const cell = fc.record({
  version: fc.constantFrom(...VERSIONS),
  parent: fc.integer({ min: 0, max: FOLDERS.length }),
  needs: fc.uniqueArray(fc.integer({ min: 0, max: OBJECTS.length - 1 }), { maxLength: 2 }),
  name: fc.integer({ min: 0, max: 3 }),
});

const world = fc.record({
  folders: fc.array(fc.option(fc.record({ version: fc.constantFrom(...VERSIONS), parent: fc.nat(2) })), {
    minLength: FOLDERS.length,
    maxLength: FOLDERS.length,
  }),
  objects: fc.array(fc.option(cell), { minLength: OBJECTS.length, maxLength: OBJECTS.length }),
  order: fc.shuffledSubarray([...FOLDERS.keys()], { minLength: FOLDERS.length }),
});

interface World {
  readonly folders: readonly ({ version: string; parent: number } | null)[];
  readonly objects: readonly (Cell | null)[];
  /** Folders lie in those before them, so that a world has no circle, and two worlds together can make one. */
  readonly order: readonly number[];
}

/** Only worlds that hold together: a parent or need that is not there is left out. */
function objectsOf(w: World): MetadataObject[] {
  const folderAt = (index: number): string => (w.folders[index] ? (FOLDERS[index] ?? ROOT) : ROOT);
  const isBefore = (a: number, b: number): boolean => w.order.indexOf(a) < w.order.indexOf(b);
  const folders = w.folders.flatMap((folder, index) =>
    folder === null
      ? []
      : [
          anObject({
            id: FOLDERS[index] ?? ROOT,
            type: 8,
            name: `Folder ${index}`,
            parentId: isBefore(folder.parent, index) ? folderAt(folder.parent) : ROOT,
            version: idOf(folder.version),
            dateModified: dateOf(folder.version),
          }),
        ],
  );
  const objects = w.objects.flatMap((object, index) =>
    object === null ? [] : [objectOf(w, object, index, folderAt(object.parent))],
  );
  return [...folders, ...objects];
}

function objectOf(w: World, object: Cell, index: number, parentId: string): MetadataObject {
  const needs = object.needs.filter((need) => need !== index && w.objects[need]);
  return anObject({
    id: OBJECTS[index] ?? ROOT,
    type: index < 3 ? 4 : 12,
    name: `Name ${object.name}`,
    parentId,
    version: idOf(object.version),
    dateModified: dateOf(object.version),
    definition: { of: object.version, needs: needs.map((need) => ({ objectId: OBJECTS[need] ?? ROOT })) },
  });
}

const request = fc.record({
  picks: fc.uniqueArray(fc.integer({ min: 0, max: OBJECTS.length + FOLDERS.length - 1 }), { minLength: 1 }),
  actions: fc.array(fc.constantFrom<ConflictAction>(...CONFLICT_ACTIONS), { minLength: 9, maxLength: 9 }),
  includeDependents: fc.boolean(),
  defaultAction: fc.constantFrom<ConflictAction>('replace', 'use_existing', 'use_newer', 'use_older', 'force_replace'),
  aclOnReplacing: fc.constantFrom('use_existing' as const, 'replace' as const),
});

type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

function packageRequest(r: Request, allowed: (action: ConflictAction) => boolean): PackageRequest {
  const ids = [...OBJECTS, ...FOLDERS];
  return {
    content: r.picks.map((pick, at) => {
      const action = r.actions[at] ?? 'replace';
      const type = pick >= OBJECTS.length ? 8 : pick < 3 ? 4 : 12;
      return {
        id: ids[pick] ?? ROOT,
        type,
        action: allowed(action) ? action : 'replace',
        includeDependents: r.includeDependents,
      };
    }),
    settings: { defaultAction: r.defaultAction, aclOnReplacingObjects: r.aclOnReplacing },
  };
}

/** Only what exists in the source can be packed, but for deletions. */
async function createFrom(source: EngineEnvironment, w: World, asked: PackageRequest) {
  const present = new Set(objectsOf(w).map((object) => object.id));
  const content = asked.content.filter((entry) => present.has(entry.id) || entry.action === 'delete');
  return content.length === 0 ? null : source.create({ ...asked, content });
}

const updateSchema = ['recal_table_logical_size'] as const;

describe('for any two environments and any package', () => {
  it('an import is refused and changes nothing, or its undo restores every byte', async () => {
    let undone = 0;
    await fc.assert(
      fc.asyncProperty(world, world, request, async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        await pair.source.put(...objectsOf(dev));
        await pair.target.put(...objectsOf(prod));
        const made = await createFrom(
          pair.source,
          dev,
          packageRequest(asked, (action) => action !== 'keep_both'),
        );
        if (!made) return;
        const before = await stateOf(pair.target);
        const imported = await orRefused(pair.target.import(made));
        if (imported) await pair.target.undo(made, imported.importId);
        if (imported) undone += 1;
        expect(await stateOf(pair.target)).toEqual(before);
      }),
      { numRuns: 60, seed: 20260102 },
    );
    expect(undone).toBeGreaterThan(10);
  });

  it('importing twice writes nothing the second time', async () => {
    const settled = (action: ConflictAction): boolean => !['force_replace', 'keep_both', 'delete'].includes(action);
    await fc.assert(
      fc.asyncProperty(world, world, request, async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        await pair.source.put(...objectsOf(dev));
        await pair.target.put(...objectsOf(prod));
        const forced = asked.defaultAction === 'force_replace' ? 'replace' : asked.defaultAction;
        const wanted = packageRequest({ ...asked, defaultAction: forced }, settled);
        const made = await createFrom(pair.source, dev, wanted);
        if (!made || !(await orRefused(pair.target.import(made)))) return;
        const after = await stateOf(pair.target);
        const second = await pair.target.import(made);
        expect(await stateOf(pair.target)).toEqual(after);
        expect(Object.keys(second.counts).filter((outcome) => !['keep', 'skip'].includes(outcome))).toEqual([]);
      }),
      { numRuns: 40, seed: 20260103 },
    );
  });

  it('every reference and every parent of the post-image resolves, and no folder lies in a circle', async () => {
    await fc.assert(
      fc.asyncProperty(world, world, request, async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        await pair.source.put(...objectsOf(dev));
        await pair.target.put(...objectsOf(prod));
        const made = await createFrom(
          pair.source,
          dev,
          packageRequest(asked, () => true),
        );
        if (!made) return;
        await orRefused(pair.target.import(made));
        expect(await looseEnds(pair.target)).toEqual([]);
      }),
      { numRuns: 40, seed: 20260104 },
    );
  });
});

describe('an index for searches', () => {
  it('follows every import and every undo by the journal alone', async () => {
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(world, world, request, async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        const { metadata } = pair.target;
        await pair.source.put(...objectsOf(dev));
        await pair.target.put(...objectsOf(prod));
        const limits = { leastObjects: 0, blockSize: 2 };
        const indexes = new ObjectIndexes({ metadata, log: pino({ enabled: false }) }, limits);
        const kinds = (await indexes.make(PROJECT))?.kinds;
        const made = await createFrom(
          pair.source,
          dev,
          packageRequest(asked, () => true),
        );
        const imported = made && (await orRefused(pair.target.import(made)));
        if (!imported) return;
        await expectSameFound(metadata, indexes, PROJECT);
        await orRefused(pair.target.undo(made, imported.importId));
        await expectSameFound(metadata, indexes, PROJECT);
        if ((await indexes.find(PROJECT))?.kinds === kinds) followed += 1;
      }),
      { numRuns: 40, seed: 20260106 },
    );
    expect(followed).toBeGreaterThan(10);
  });
});

/** Every row of every table, so that nothing can have changed unseen. */
async function everyRow(environment: EngineEnvironment): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await listTables(environment.metadata)) {
    const { rows } = await sql`SELECT * FROM ${sql.ref(name)}`.execute(environment.metadata.reader);
    lines.push(...rows.map((row) => `${name} ${JSON.stringify(row)}`).toSorted());
  }
  return lines;
}

describe('a validation', () => {
  it('says what the import then does, and leaves no trace', async () => {
    const ended = { passed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(world, world, request, async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        await pair.source.put(...objectsOf(dev));
        await pair.target.put(...objectsOf(prod));
        const wanted = packageRequest(asked, () => true);
        const made = await createFrom(pair.source, dev, { ...wanted, settings: { ...wanted.settings, updateSchema } });
        if (!made) return;
        const importId = idOf('VALIDATED');
        const before = await everyRow(pair.target);
        const validated = await orRefused(pair.target.validate(made, { importId }));
        expect(await everyRow(pair.target)).toEqual(before);
        expect(await Array.fromAsync(pair.target.files.list(STORE_FOLDERS.undo))).toEqual([]);
        const imported = await orRefused(pair.target.import(made, { importId }));
        expect(validated).toEqual(imported && { message: imported.message, counts: imported.counts });
        ended[validated ? 'passed' : 'refused'] += 1;
      }),
      { numRuns: 60, seed: 20260105 },
    );
    expect(ended.passed).toBeGreaterThan(10);
    expect(ended.refused).toBeGreaterThan(5);
  });

  it('that fails at any statement leaves no trace either', async () => {
    let failures = 0;
    for (let failAt = 0, isDone = false; !isDone; failAt += 7) {
      await using pair = await anEnvironmentPair();
      await pair.source.put(anObject({ id: OBJECTS[0] ?? '', type: 12, version: idOf('V2') }));
      await pair.target.put(anObject({ id: OBJECTS[0] ?? '', type: 12 }));
      const made = await pair.source.create({ content: [{ id: OBJECTS[0] ?? '', type: 12 }] });
      const before = await everyRow(pair.target);
      const failing = failingConnection(failAt);
      const ended = pair.target.validate(made, {}, (file) => failing.connect(file));
      isDone = await ended.then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof InjectedFailure)) throw error;
          failures += 1;
          return false;
        },
      );
      expect(await everyRow(pair.target)).toEqual(before);
    }
    expect(failures).toBeGreaterThan(3);
  });
});

describe('a failure at any point', () => {
  const prepare = async ({ source, target }: EnvironmentPair) => {
    const needs = { needs: [{ objectId: OBJECTS[1] ?? '' }] };
    const object = (id: string | undefined, fields = {}): MetadataObject =>
      anObject({ id: id ?? '', type: 12, ...fields });
    const changed = { version: idOf('V2'), dateModified: dateOf('V2') };
    // The last one is the same on both sides: what it consists of is read from the file in the transaction.
    await source.put(object(OBJECTS[0], { definition: needs, ...changed }), object(OBJECTS[1]), object(OBJECTS[3]));
    await target.put(object(OBJECTS[0]), object(OBJECTS[2]), object(OBJECTS[3]));
    return source.create({
      content: [
        { id: OBJECTS[0] ?? '', type: 12, includeDependents: true },
        { id: OBJECTS[2] ?? '', type: 12, action: 'delete' },
        { id: OBJECTS[3] ?? '', type: 12, action: 'force_replace' },
      ],
    });
  };

  it('of an import leaves the target and the store as they were', async () => {
    // A target that is as it was before can be imported into again.
    await using pair = await anEnvironmentPair();
    const { target } = pair;
    const made = await prepare(pair);
    const before = await stateOf(target);
    const attempt = async (failAt: number): Promise<'failed' | 'done'> => {
      const failing = failingConnection(failAt);
      const imported = await target
        .import(made, {}, (file) => failing.connect(file))
        .catch((error: unknown) => {
          if (error instanceof InjectedFailure) return null;
          throw error;
        });
      if (imported) return 'done';
      expect(await stateOf(target)).toEqual(before);
      expect(await Array.fromAsync(target.files.list(STORE_FOLDERS.undo))).toEqual([]);
      return 'failed';
    };
    let failures = 0;
    for (let failAt = 0; (await attempt(failAt)) === 'failed'; failAt += 1) failures += 1;
    expect(failures).toBeGreaterThan(30);
  });
});
