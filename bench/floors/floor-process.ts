import { cpuSeconds, peakMemory } from '../usage.ts';
import { dump, load } from './load-dump.ts';
import { pack } from './pack.ts';
import type { FloorSample, FloorTime } from './run-floor.ts';
import type { FloorEnd } from './schema.ts';
import { unpack, unpackOver } from './unpack.ts';

/** Runs one floor in this process: `floor-process.ts NAME INPUT OUTPUT`; prints what it took, without starting up. */
const FLOORS: Readonly<Record<string, (input: string, output: string) => Promise<FloorEnd>>> = {
  create: pack,
  import: unpack,
  replace: unpackOver,
  load,
  dump,
};

const [name = '', input = '', output = ''] = process.argv.slice(2);
const floor = FLOORS[name];
if (floor === undefined) throw new Error(`There is no floor '${name}'.`);
const cpu = cpuSeconds();
const started = performance.now();
const taken = (): FloorTime => ({ wall: (performance.now() - started) / 1000, cpu: cpuSeconds() - cpu });
const { objects, db } = await floor(input, output);
const durable = taken();
db.close();
const sample: FloorSample = { ...taken(), durable, peakMemory: peakMemory(), objects };
process.stdout.write(JSON.stringify(sample));
