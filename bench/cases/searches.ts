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
/** A metric. */
const TYPE = 4;
const ROUNDS = 5;

/**
 * The first page of a search by name; the wall time is of one search. A large project has an index of its names in memory,
 * which the first search has made beside it and a search without a name waits for.
 */
export const searchCase: BenchCase = {
  name: 'search',
  isAbout: 'requests',
  async run(workspace) {
    const environment = await workspace.loaded('new');
    await using server = await workspace.start(environment);
    const search = (query: { readonly name?: string; readonly types?: readonly number[] }) =>
      server.client.searches.quick({ ...query, pattern: 4, offset: 0, limit: 50, projectId: PROJECT.id });
    // In the configuration, so that the first one in the project pays for no code that is run for the first time.
    for (const name of NAMES) await server.client.searches.quick({ name, pattern: 4, offset: 0, limit: 50 });
    const first = await server.measure(() => search({ name: NAMES[0] ?? '' }));
    const waiting = await server.measure(() => search({ types: [TYPE] }));
    const again = await search({ name: NAMES[0] ?? '' });
    expectThat(JSON.stringify(again) === JSON.stringify(first.result), 'a search in the index finds something else');
    const ofType = await server.measure(() => search({ types: [TYPE] }));
    expectThat(ofType.result.totalItems === waiting.result.totalItems, 'a search by type finds something else');
    let found = 0;
    const { result: _, ...measured } = await server.measure(async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const name of NAMES) found += (await search({ name })).totalItems;
      }
    });
    expectThat(found > 0, 'a search by name found nothing');
    const searches = NAMES.length * ROUNDS;
    return {
      ...measured,
      wall: measured.wall / searches,
      cpu: measured.cpu / searches,
      objects: workspace.objects,
      bytes: 0,
      details: {
        firstMs: first.wall * 1000,
        firstDelayMs: first.delayMax,
        indexSeconds: waiting.wall,
        indexDelayMs: waiting.delayMax,
        ofTypeMs: ofType.wall * 1000,
        delayMaxMs: measured.delayMax,
      },
    };
  },
};
