import type { Migration } from '@longshore/client';
import { FLOOR_RUNS } from '../floors/floor-runs.ts';
import { approve, createPackage, furtherImport, importPackage, undoImport } from '../migration.ts';
import type { Workspace } from '../workspace.ts';
import { expectThat, type BenchCase, type Sample } from './case.ts';
import { expectObjectsOf, expectSameAs, expectWholePackage } from './content.ts';

const SOURCE = 'with-new';

/** Packages that were made for other cases, by workspace. */
const approved = new WeakMap<Workspace, Migration>();

/** A package of everything, as it is sent to a target. */
export async function approvedPackage(workspace: Workspace): Promise<Migration> {
  const known = approved.get(workspace);
  if (known) return known;
  await workspace.loaded('new');
  await using source = await workspace.start(SOURCE);
  const record = await approve(source, await createPackage(source));
  approved.set(workspace, record);
  return record;
}

const sizeOf = (storage: { size?: number } | undefined): number => storage?.size ?? 0;

export const createCase: BenchCase = {
  name: 'create',
  floor: FLOOR_RUNS.create,
  async run(workspace) {
    await workspace.loaded('new');
    await using source = await workspace.start(SOURCE);
    const { result, ...measured } = await source.measure(() => createPackage(source));
    await expectWholePackage(workspace, result);
    await source.client.migrations.deletePackage(result.packageInfo.id);
    return { ...measured, objects: workspace.objects, bytes: sizeOf(result.packageInfo.storage) };
  },
};

/** An environment after an import, left as it is for those who go on from there. */
async function runImport(workspace: Workspace, from: string, name: string): Promise<Sample> {
  const record = await approvedPackage(workspace);
  workspace.copy(from, name);
  await using target = await workspace.start(name);
  const { result, ...measured } = await target.measure(() => importPackage(target, record));
  expectThat(sizeOf(result.importInfo.undoStorage) > 0, 'the import has no undo package');
  await expectObjectsOf(workspace, SOURCE, target);
  return { ...measured, objects: workspace.objects, bytes: sizeOf(record.packageInfo.storage) };
}

export const importCase: BenchCase = {
  name: 'import',
  floor: FLOOR_RUNS.import,
  run: async (workspace) => runImport(workspace, await workspace.empty(), 'imported'),
};

export const replaceCase: BenchCase = {
  name: 'replace',
  floor: FLOOR_RUNS.replace,
  run: async (workspace) => runImport(workspace, await workspace.loaded('old'), 'replaced'),
};

export const againCase: BenchCase = {
  name: 'again',
  comparedWith: 'import',
  async run(workspace) {
    if (!workspace.has('imported')) await importCase.run(workspace);
    const record = furtherImport(await approvedPackage(workspace));
    workspace.copy('imported', 'again');
    await using target = await workspace.start('again');
    const { result: _, ...measured } = await target.measure(() => importPackage(target, record));
    await expectObjectsOf(workspace, SOURCE, target);
    return { ...measured, objects: workspace.objects, bytes: sizeOf(record.packageInfo.storage) };
  },
};

/** What an import is undone of, and what the environment was before it. */
interface Undoable {
  readonly of: BenchCase;
  readonly from: string;
  readonly before: (workspace: Workspace) => Promise<string>;
}

async function runUndo(workspace: Workspace, { of, from, before }: Undoable): Promise<Sample> {
  if (!workspace.has(from)) await of.run(workspace);
  const record = await approvedPackage(workspace);
  workspace.copy(from, 'undone');
  await using target = await workspace.start('undone');
  const { result, ...measured } = await target.measure(() => undoImport(target, record));
  await expectSameAs(workspace, await before(workspace), target);
  return { ...measured, objects: workspace.objects, bytes: sizeOf(result.importInfo.undoStorage) };
}

export const undoCase: BenchCase = {
  name: 'undo',
  comparedWith: 'import',
  run: (workspace) => runUndo(workspace, { of: importCase, from: 'imported', before: (w) => w.empty() }),
};

export const undoReplaceCase: BenchCase = {
  name: 'undo-replace',
  comparedWith: 'replace',
  run: (workspace) => runUndo(workspace, { of: replaceCase, from: 'replaced', before: (w) => w.loaded('old') }),
};
