import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PROJECT } from '../data.ts';
import { FLOOR_RUNS } from '../floors/floor-runs.ts';
import { expectThat, type BenchCase } from './case.ts';

export const loadCase: BenchCase = {
  name: 'load',
  floor: FLOOR_RUNS.load,
  async run(workspace) {
    const lines = await workspace.lines('new');
    workspace.remove('loaded');
    await using server = await workspace.start('loaded');
    const { result, ...measured } = await server.measure(() => {
      const stream = createReadStream(workspace.file(lines), { highWaterMark: 1024 * 1024 });
      return server.client.metadata.load(Readable.toWeb(stream) as ReadableStream<Uint8Array>);
    });
    expectThat(result.objects === workspace.objects, `${result.objects} objects loaded of ${workspace.objects}`);
    return { ...measured, objects: result.objects, bytes: result.bytes };
  },
};

export const dumpCase: BenchCase = {
  name: 'dump',
  floor: FLOOR_RUNS.dump,
  async run(workspace) {
    const environment = await workspace.loaded('new');
    await using server = await workspace.start(environment);
    const { result: _, ...measured } = await server.measure(async () => {
      const stream = await server.client.metadata.dump({ projectId: PROJECT.id });
      await pipeline(Readable.fromWeb(stream), createWriteStream(workspace.file('dump.ndjson')));
    });
    const bytes = workspace.bytesOf('dump.ndjson');
    expectThat(bytes >= workspace.bytesOf('new.ndjson') * 0.99, `the dump has ${bytes} bytes`);
    return { ...measured, objects: workspace.objects, bytes };
  },
};
