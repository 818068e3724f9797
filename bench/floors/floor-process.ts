import { cpuSeconds, peakMemory } from '../usage.ts';
import { dump, load } from './load-dump.ts';
import { pack } from './pack.ts';
import type { FloorOrder, FloorSample } from './run-floor.ts';
import type { FloorEnd, FloorTask, Tuning } from './schema.ts';
import { unpack, unpackOver } from './unpack.ts';

/** Runs one floor in this process: `floor-process.ts ORDER` in JSON; prints what it took, without starting up. */
const FLOORS: Readonly<Record<FloorOrder['name'], (task: FloorTask) => Promise<FloorEnd>>> = {
  create: pack,
  import: unpack,
  replace: unpackOver,
  load,
  dump,
};

/** A plain program closes its database; one that is as hard to beat as it gets would leave that for later. */
const IS_CLOSED_IN_TIME: Readonly<Record<Tuning, boolean>> = { plain: true, tuned: false };

const { name, ...task } = JSON.parse(process.argv[2] ?? '') as FloorOrder;
const cpu = cpuSeconds();
const started = performance.now();
const { objects, db } = await FLOORS[name](task);
if (IS_CLOSED_IN_TIME[task.tuning]) db.close();
const wall = (performance.now() - started) / 1000;
const sample: FloorSample = { wall, cpu: cpuSeconds() - cpu, peakMemory: peakMemory(), objects };
if (db.isOpen) db.close();
process.stdout.write(JSON.stringify(sample));
