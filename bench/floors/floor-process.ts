import { cpuSeconds, peakMemory } from '../usage.ts';
import { dump, load } from './load-dump.ts';
import { pack } from './pack.ts';
import { unpack, unpackOver } from './unpack.ts';

/** Runs one floor in this process: `floor-process.ts NAME INPUT OUTPUT`; prints what it took, without starting up. */
const FLOORS: Readonly<Record<string, (input: string, output: string) => Promise<number>>> = {
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
const objects = await floor(input, output);
const wall = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ wall, cpu: cpuSeconds() - cpu, peakMemory: peakMemory(), objects }));
