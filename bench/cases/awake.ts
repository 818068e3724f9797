import { PROJECT } from '../data.ts';
import { startLoad } from '../load/run-load.ts';
import { expectThat, type BenchCase } from './case.ts';
import { expectObjectsOf } from './content.ts';
import { approvedPackage } from './packages.ts';

const POLLERS = 100;
const PAUSE_MS = 1000;

/** An import while a hundred clients poll its record, each once a second. */
export const awakeCase: BenchCase = {
  name: 'awake',
  async run(workspace) {
    const record = await approvedPackage(workspace);
    workspace.copy(await workspace.empty(), 'awake');
    await using target = await workspace.start('awake');
    const headers = { 'x-mstr-authtoken': await target.token(), 'x-mstr-projectid': PROJECT.id };
    const { result, ...measured } = await target.measure(async () => {
      await target.client.migrations.import(record, { projectId: PROJECT.id, undoPackage: 'generate' });
      const url = `${target.url}/api/migrations/${record.id}`;
      const poll = { url, method: 'GET', headers } as const;
      const polling = startLoad({ kind: 'pollers', target: poll, count: POLLERS, pauseMs: PAUSE_MS });
      const imported = await target.client.migrations.waitFor(record.id, (r) => r.importInfo.status !== 'importing');
      return { imported, polls: await polling.end() };
    });
    expectThat(result.imported.importInfo.status === 'imported', 'the import under polls has failed');
    await expectObjectsOf(workspace, 'with-new', target);
    const { requests, median, p99, max } = result.polls;
    return {
      ...measured,
      objects: workspace.objects,
      bytes: record.packageInfo.storage?.size ?? 0,
      details: { polls: requests, pollMedianMs: median, pollP99Ms: p99, pollMaxMs: max },
    };
  },
};
