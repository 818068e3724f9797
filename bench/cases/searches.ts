import { DASHBOARD_TYPE, PROJECT, ROOT_ID } from '../data.ts';
import { expectThat, type BenchCase } from './case.ts';

/** All that the object on top needs, found by a search; the first one only warms up. */
export const closureCase: BenchCase = {
  name: 'closure',
  async run(workspace) {
    const environment = await workspace.loaded('new');
    await using server = await workspace.start(environment);
    const search = () =>
      server.client.searches.dependencies({
        object: { id: ROOT_ID, type: DASHBOARD_TYPE },
        direction: 'uses',
        reach: 'transitive',
        offset: 0,
        limit: 1,
        projectId: PROJECT.id,
      });
    await search();
    const { result, ...measured } = await server.measure(search);
    const folders = workspace.objects * 0.04;
    expectThat(result.totalItems > workspace.objects - folders - 2, `the closure has ${result.totalItems} objects`);
    return { ...measured, objects: result.totalItems, bytes: 0 };
  },
};

const NAMES = ['everything 1', 'metric 17', 'report', 'Fact 1'];

/** The first page of a search by name; the wall time is of one search. */
export const searchCase: BenchCase = {
  name: 'search',
  async run(workspace) {
    const environment = await workspace.loaded('new');
    await using server = await workspace.start(environment);
    const search = (name: string) =>
      server.client.searches.quick({ name, pattern: 4, offset: 0, limit: 50, projectId: PROJECT.id });
    for (const name of NAMES) await search(name);
    let found = 0;
    const { result: _, ...measured } = await server.measure(async () => {
      for (const name of NAMES) found += (await search(name)).totalItems;
    });
    expectThat(found > 0, 'a search by name found nothing');
    return {
      ...measured,
      wall: measured.wall / NAMES.length,
      cpu: measured.cpu / NAMES.length,
      objects: workspace.objects,
      bytes: 0,
    };
  },
};
