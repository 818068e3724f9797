import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@longshore/contracts';
import {
  CONFLICT_ACTIONS,
  MERGE_ACTIONS,
  TRANSLATION_ACTIONS,
  WELL_KNOWN,
  type ConflictAction,
  type MetadataObject,
} from '@longshore/domain';
import { anEnvironmentPair, anObject, idOf, type EnvironmentPair, type PackageRequest } from './environment.ts';
import { looseEnds } from './loose-ends.ts';

/** Two projects of the same folders, nested otherwise, and one object in them. */
const FOLDERS = ['FA', 'FB', 'FC'].map(idOf);
const METRIC = idOf('METRIC');
const ALL = [...FOLDERS.map((id) => ({ id, type: 8 })), { id: METRIC, type: 4 }];
const VERSIONS = ['V1', 'V2'] as const;

const versioned = { version: fc.constantFrom(...VERSIONS), text: fc.constantFrom('a', 'b') };
const folder = fc.record({ ...versioned, isOnTop: fc.nat(3).map((n) => n === 0) });
const metric = fc.record({ ...versioned, parent: fc.nat(FOLDERS.length) });
const project = fc.record({
  folders: fc.array(fc.option(folder, { freq: 8 }), { minLength: FOLDERS.length, maxLength: FOLDERS.length }),
  metric: fc.option(metric, { freq: 8 }),
  /** Folders lie in the one before: in each project there is a way up from all, but not in every mixture of two. */
  order: fc.shuffledSubarray([...FOLDERS.keys()], { minLength: FOLDERS.length }),
});
type Project = typeof project extends fc.Arbitrary<infer P> ? P : never;

function objectsOf({ folders, metric, order }: Project): MetadataObject[] {
  const folderAt = (at: number | undefined): string =>
    at !== undefined && folders[at] ? (FOLDERS[at] ?? WELL_KNOWN.publicObjects) : WELL_KNOWN.publicObjects;
  const fieldsOf = ({ version, text }: { version: string; text: string }) => ({
    version: idOf(version),
    dateModified: `202${version.slice(1)}-05-05T00:00:00.000+0000`,
    translations: { '1:0:': { '1031': text } },
  });
  const placed = folders.flatMap((folder, at) => {
    if (folder === null) return [];
    const parentId = folderAt(folder.isOnTop ? undefined : order[order.indexOf(at) - 1]);
    return anObject({ id: FOLDERS[at] ?? '', type: 8, name: `Folder ${at}`, parentId, ...fieldsOf(folder) });
  });
  return metric === null
    ? placed
    : [...placed, anObject({ id: METRIC, type: 4, parentId: folderAt(metric.parent), ...fieldsOf(metric) })];
}

const ruleOfEach = <Action extends ConflictAction>(actions: readonly Action[]) =>
  fc.array(fc.option(fc.constantFrom(...actions), { freq: 3 }), { minLength: ALL.length, maxLength: ALL.length });

const somePackage = ruleOfEach(CONFLICT_ACTIONS).map((rules): PackageRequest => ({
  content: ALL.flatMap((object, at) => {
    const action = rules[at] ?? null;
    return action === null ? [] : [{ ...object, action }];
  }),
}));

const someMerge = fc
  .record({
    rules: ruleOfEach(MERGE_ACTIONS),
    translationAction: fc.constantFrom(...TRANSLATION_ACTIONS),
    defaultAction: fc.constantFrom('replace' as const, 'use_existing' as const),
  })
  .map(({ rules, translationAction, defaultAction }): PackageRequest => {
    const objectActions = ALL.flatMap(({ id }, at) => {
      const action = rules[at] ?? null;
      return action === null ? [] : [{ id, action }];
    });
    const options = { validateDependencies: true, translationAction, objectTypeActions: [], folderActions: [] };
    return { content: [], settings: { defaultAction, merge: { ...options, objectActions } } };
  });

/** Imports what is asked for, without what the source does not have. */
async function importFrom({ source, target }: EnvironmentPair, dev: Project, asked: PackageRequest) {
  const present = new Set(objectsOf(dev).map(({ id }) => id));
  const content = asked.content.filter(({ id, action }) => present.has(id) || action === 'delete');
  if (content.length === 0 && !asked.settings?.merge) return null;
  const made = await source.create({ ...asked, content });
  try {
    return { made, imported: await target.import(made) };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

describe('folders that are nested otherwise', () => {
  it('hold together after any import, or it is refused; its undo restores every byte', async () => {
    const ended = { imported: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(project, project, fc.oneof(somePackage, someMerge), async (dev, prod, asked) => {
        await using pair = await anEnvironmentPair();
        const { source, target } = pair;
        await source.put(...objectsOf(dev));
        await target.put(...objectsOf(prod));
        const before = await target.dump();
        const done = await importFrom(pair, dev, asked);
        expect(await looseEnds(target)).toEqual([]);
        ended[done ? 'imported' : 'refused'] += 1;
        if (done?.imported.undo) await target.undo(done.made, done.imported.importId);
        if (!done || done.imported.undo) expect(await target.dump()).toEqual(before);
      }),
      { numRuns: 80, seed: 20260110 },
    );
    expect(ended.imported).toBeGreaterThan(20);
    expect(ended.refused).toBeGreaterThan(5);
  });
});
