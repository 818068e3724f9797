import type { Migration } from '@longshore/client';
import { PROJECT } from '../data.ts';
import { approve, createPackage, importPackage } from '../migration.ts';
import type { Workspace } from '../workspace.ts';
import { expectThat, type BenchCase } from './case.ts';

/** A package of few objects with large definitions, of nearly the largest size at 100,000 objects: about memory. */

const approved = new WeakMap<Workspace, Migration>();

const sizeOf = (record: Migration): number => record.packageInfo.storage?.size ?? 0;

export const createLargeCase: BenchCase = {
  name: 'create-large',
  async run(workspace) {
    const { name, objects } = await workspace.large();
    await using source = await workspace.start(name);
    const { result, ...measured } = await source.measure(() => createPackage(source));
    const before = approved.get(workspace);
    if (before) await source.client.migrations.deletePackage(before.packageInfo.id);
    approved.set(workspace, await approve(source, result));
    return { ...measured, objects, bytes: sizeOf(result) };
  },
};

export const importLargeCase: BenchCase = {
  name: 'import-large',
  async run(workspace) {
    if (!approved.has(workspace)) await createLargeCase.run(workspace);
    const record = approved.get(workspace);
    if (!record) throw new Error('There is no package.');
    const { objects } = await workspace.large();
    const name = workspace.copy(await workspace.empty(), 'imported-large');
    await using target = await workspace.start(name);
    const { result, ...measured } = await target.measure(() => importPackage(target, record));
    expectThat((result.importInfo.undoStorage?.size ?? 0) > 0, 'the import has no undo package');
    const { objects: there } = await target.client.metadata.fingerprint({ projectId: PROJECT.id });
    expectThat(there >= objects, `${there} objects are on the target, of ${objects}`);
    return { ...measured, objects, bytes: sizeOf(record) };
  },
};
