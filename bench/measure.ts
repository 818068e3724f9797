import { expectThat, type BenchCase, type FloorRun, type Sample } from './cases/case.ts';
import { runFloor, type FloorSample } from './floors/run-floor.ts';
import { TUNINGS, type Tuning } from './floors/schema.ts';
import { median } from './usage.ts';
import type { Workspace } from './workspace.ts';

/** Medians over all runs of a case at one size. Seconds and bytes; delays of the event loop in milliseconds. */
export interface CaseResult {
  readonly case: string;
  readonly objects: number;
  readonly runs: number;
  readonly wall: number;
  readonly cpu: number;
  /** Null where a case is not about each of the objects. */
  readonly objectsPerSecond: number | null;
  readonly bytes: number;
  readonly peakMemory: number;
  /** Wall time of the plain floor over that of the case: 1 is as fast as the floor, 0.5 takes twice its time. */
  readonly ratioToFloor: number | null;
  readonly floor?: FloorResult;
  /** The same for the tuned floor, which is the harder measure. */
  readonly ratioToTunedFloor: number | null;
  readonly tunedFloor?: FloorResult;
  /** Wall time of another case over that of this one. */
  readonly ratioToCase?: { readonly case: string; readonly ratio: number };
  readonly eventLoopDelayP99: number;
  readonly eventLoopDelayMax: number;
  /** What single runs took, to show how far they are apart. */
  readonly walls: readonly number[];
  /** Other figures of the case. */
  readonly details?: Readonly<Record<string, number>>;
}

export interface FloorResult {
  readonly wall: number;
  readonly cpu: number;
  readonly peakMemory: number;
  readonly walls: readonly number[];
}

/** Runs floor and case in turn, so that what else the machine does meets both. */
export async function measureCase(benchCase: BenchCase, workspace: Workspace, runs: number): Promise<CaseResult> {
  const samples: Sample[] = [];
  const floors: Record<Tuning, FloorSample[]> = { plain: [], tuned: [] };
  const { floor } = benchCase;
  for (let run = 0; run < runs; run += 1) {
    if (floor) for (const tuning of TUNINGS) floors[tuning].push(await runChecked(workspace, floor, tuning));
    samples.push(await benchCase.run(workspace));
  }
  return summarise(benchCase, samples, floors);
}

async function runChecked(workspace: Workspace, floor: FloorRun, tuning: Tuning): Promise<FloorSample> {
  const sample = await runFloor(workspace, floor, tuning);
  expectThat(sample.objects === workspace.objects, `the floor of ${floor.name} has ${sample.objects} objects`);
  return sample;
}

type Floors = Readonly<Record<Tuning, readonly FloorSample[]>>;

function summarise(benchCase: BenchCase, samples: readonly Sample[], floors: Floors): CaseResult {
  const of = (key: keyof Sample): number => median(samples.map((sample) => sample[key] as number));
  const [floor, tunedFloor] = [medianFloor(floors.plain), medianFloor(floors.tuned)];
  const wall = of('wall');
  const objects = of('objects');
  return {
    case: benchCase.name,
    objects,
    runs: samples.length,
    wall,
    cpu: of('cpu'),
    objectsPerSecond: benchCase.isAbout === 'requests' ? null : Math.round(objects / wall),
    bytes: of('bytes'),
    peakMemory: of('peakMemory'),
    ratioToFloor: floor && floor.wall / wall,
    ratioToTunedFloor: tunedFloor && tunedFloor.wall / wall,
    ...(floor && tunedFloor && { floor, tunedFloor }),
    eventLoopDelayP99: of('delayP99'),
    eventLoopDelayMax: Math.max(...samples.map((sample) => sample.delayMax)),
    walls: samples.map((sample) => sample.wall),
    ...detailsOf(samples),
  };
}

function medianFloor(samples: readonly FloorSample[]): FloorResult | null {
  if (samples.length === 0) return null;
  const of = (key: keyof FloorSample): number => median(samples.map((sample) => sample[key]));
  return { wall: of('wall'), cpu: of('cpu'), peakMemory: of('peakMemory'), walls: samples.map(({ wall }) => wall) };
}

function detailsOf(samples: readonly Sample[]): Pick<CaseResult, 'details'> {
  const names = Object.keys(samples[0]?.details ?? {});
  if (names.length === 0) return {};
  return {
    details: Object.fromEntries(
      names.map((name) => [name, median(samples.map((sample) => sample.details?.[name] ?? 0))]),
    ),
  };
}

/** With the ratio to the case that each is compared with, where both were measured at the same size. */
export function compared(cases: readonly BenchCase[], results: readonly CaseResult[]): CaseResult[] {
  const walls = new Map(results.map((result) => [result.case, result.wall]));
  return results.map((result) => {
    const other = cases.find(({ name }) => name === result.case)?.comparedWith;
    const wall = other === undefined ? undefined : walls.get(other);
    if (other === undefined || wall === undefined) return result;
    return { ...result, ratioToCase: { case: other, ratio: wall / result.wall } };
  });
}
