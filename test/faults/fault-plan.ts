/** What happens in a round. A cut lasts for some rounds, while other faults come. */
export type PlannedFault =
  | { readonly kind: 'worker killed' | 'server killed'; readonly which: number }
  | { readonly kind: 'database killed' }
  | { readonly kind: 'worker cut off' | 'worker cut off silently'; readonly which: number; readonly rounds: number };

type Draw = () => number;

/** Numbers from 0 to 1 that come again with the seed (mulberry32). */
export function randomFrom(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const KILLS = ['worker killed', 'server killed', 'database killed'] as const;
const CUTS = ['worker cut off', 'worker cut off silently'] as const;
/**
 * A round takes about five seconds, and a worker that is not heard of for 15 to 20 loses its job: some are back in time,
 * and some come back to a job that is another's.
 */
const LASTS = { 'worker cut off': [2, 6], 'worker cut off silently': [3, 9] } as const;

const between = (draw: Draw, [least, most]: readonly [number, number]): number =>
  least + Math.floor(draw() * (most - least + 1));
const pick = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;

/**
 * The faults of so many rounds, of two servers and two workers. One worker at a time is cut off, and it is not killed
 * meanwhile, so that it comes back to what the other one has done.
 */
export function planFaults(rounds: number, seed: number): PlannedFault[] {
  const draw = randomFrom(seed);
  const faults: PlannedFault[] = [];
  let cut = { which: 0, until: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const isCut = round < cut.until;
    const kind = pick(draw, isCut ? KILLS : [...KILLS, ...CUTS, ...CUTS]);
    const which = between(draw, [0, 1]);
    if (kind === 'database killed') faults.push({ kind });
    else if (kind === 'server killed') faults.push({ kind, which });
    else if (kind === 'worker killed') faults.push({ kind, which: isCut ? 1 - cut.which : which });
    else {
      const lasts = between(draw, LASTS[kind]);
      cut = { which, until: round + lasts };
      faults.push({ kind, which, rounds: lasts });
    }
  }
  return faults;
}
