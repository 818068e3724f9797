import type { Migration } from '@longshore/client';
import { PROJECT } from '../data.ts';
import { approve, createPackageOf, importPackage, undoImport } from '../migration.ts';
import type { BenchServer } from '../server.ts';
import { expectThat, type BenchCase } from './case.ts';

/** So many objects are changed in a day's work. */
const FEW = 20;
/** A metric. */
const TYPE = 4;
const ROUNDS = 5;

/**
 * Few objects of a large project: a package of them is made, imported over others with the same ids, and the import undone.
 * The wall time is that of the import, the others are among the details; the first round only warms up.
 */
export const fewCase: BenchCase = {
  name: 'few',
  isAbout: 'requests',
  async run(workspace) {
    workspace.copy(await workspace.loaded('new'), 'few-source');
    workspace.copy(await workspace.loaded('old'), 'few-target');
    await using source = await workspace.start('few-source');
    await using target = await workspace.start('few-target');
    const before = await target.client.metadata.fingerprint({ projectId: PROJECT.id });
    const made = { seconds: 0, packages: [] as Migration[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const objects = await pick(source, round);
      const { result, wall } = await source.measure(() => createPackageOf(source, objects));
      if (round > 0) made.seconds += wall;
      made.packages.push(await approve(source, result));
    }
    const [first, ...records] = made.packages;
    if (first !== undefined) await importPackage(target, first).then(() => undoImport(target, first));
    const imported = await target.measure(() => each(records, (record) => importPackage(target, record)));
    const undone = await target.measure(() => each(records.toReversed(), (record) => undoImport(target, record)));
    const after = await target.client.metadata.fingerprint({ projectId: PROJECT.id });
    expectThat(JSON.stringify(after) === JSON.stringify(before), 'what was imported and undone has left something');
    const { result: changed, ...measured } = imported;
    expectThat(
      changed.every((record) => record.importInfo.undoStorage !== undefined),
      'an import changed nothing',
    );
    const inMs = (seconds: number): number => (seconds / ROUNDS) * 1000;
    return {
      ...measured,
      wall: imported.wall / ROUNDS,
      cpu: imported.cpu / ROUNDS,
      objects: workspace.objects,
      bytes: 0,
      details: { createMs: inMs(made.seconds), importMs: inMs(imported.wall), undoMs: inMs(undone.wall) },
    };
  },
};

async function pick(server: BenchServer, round: number): Promise<readonly { id: string; type: number }[]> {
  const page = { pattern: 4, offset: round * FEW, limit: FEW, projectId: PROJECT.id };
  const { result } = await server.client.searches.quick({ ...page, types: [TYPE] });
  expectThat(result.length === FEW, `there are only ${result.length} of ${FEW} metrics`);
  return result;
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
