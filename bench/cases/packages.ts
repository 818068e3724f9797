import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Migration } from '@longshore/client';
import { PROJECT } from '../data.ts';
import { FLOOR_RUNS } from '../floors/floor-runs.ts';
import { approve, createPackage, furtherImport, importPackage, undoImport } from '../migration.ts';
import type { BenchServer } from '../server.ts';
import type { Workspace } from '../workspace.ts';
import { expectThat, type BenchCase, type Sample } from './case.ts';

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
  await expectContent(workspace, target, 'new');
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
    await expectContent(workspace, target, 'new');
    return { ...measured, objects: workspace.objects, bytes: sizeOf(record.packageInfo.storage) };
  },
};

async function runUndo(workspace: Workspace, of: BenchCase, from: string): Promise<Sample> {
  if (!workspace.has(from)) await of.run(workspace);
  const record = await approvedPackage(workspace);
  workspace.copy(from, 'undone');
  await using target = await workspace.start('undone');
  const { result, ...measured } = await target.measure(() => undoImport(target, record));
  if (from === 'replaced') await expectContent(workspace, target, 'old');
  return { ...measured, objects: workspace.objects, bytes: sizeOf(result.importInfo.undoStorage) };
}

export const undoCase: BenchCase = {
  name: 'undo',
  comparedWith: 'import',
  run: (workspace) => runUndo(workspace, importCase, 'imported'),
};

export const undoReplaceCase: BenchCase = {
  name: 'undo-replace',
  comparedWith: 'replace',
  run: (workspace) => runUndo(workspace, replaceCase, 'replaced'),
};

const contents = new WeakMap<Workspace, Map<string, string>>();

/**
 * Equal content is equal lines of the dump. Folders are left out: those that an import makes on its way have the date of the
 * import.
 */
async function expectContent(workspace: Workspace, server: BenchServer, variant: 'new' | 'old'): Promise<void> {
  const known = contents.get(workspace) ?? new Map<string, string>();
  contents.set(workspace, known);
  const { objects, digest } = await contentOf(server);
  expectThat(objects >= workspace.objects * LEAST_SHARE, `${objects} objects are there, of ${workspace.objects}`);
  // Replaced objects stay in the folders where the target has them.
  const key = `${variant} ${server.name === 'replaced' ? 'replaced' : ''}`;
  expectThat((known.get(key) ?? digest) === digest, `two runs have left different content (${key})`);
  known.set(key, digest);
}

/** Of the objects of a project that are no folders. */
const LEAST_SHARE = 0.9;
const FOLDER_LINE = '"type":8,';

async function contentOf(server: BenchServer): Promise<{ objects: number; digest: string }> {
  const hash = createHash('sha256');
  let objects = 0;
  const lines = createInterface({
    input: Readable.fromWeb(await server.client.metadata.dump({ projectId: PROJECT.id })),
  });
  for await (const line of lines) {
    if (line.includes(FOLDER_LINE)) continue;
    hash.update(line);
    objects += 1;
  }
  return { objects, digest: hash.digest('hex') };
}
