/** An object with as much as the closure needs of it. */
export interface Needed {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
}

/** An object that comes along, and which object it was first found to be needed by. */
export interface NeededBy {
  readonly object: Needed;
  readonly by: string;
  /** 1 is needed by the object itself, 2 by one of those, and so on. */
  readonly distance: number;
}

export interface Closure {
  readonly found: readonly NeededBy[];
  /** True when there is more than was followed. */
  readonly isCut: boolean;
}

export interface ClosureOptions {
  /** What an object needs directly. */
  readonly direct: (object: Needed) => Promise<readonly Needed[]>;
  /** How many objects are followed at most. */
  readonly limit: number;
  /** How many are asked for at a time. */
  readonly width: number;
}

/** Everything that an object needs, nearest first, each with the object that needs it. */
export async function closureOf(start: Needed, { direct, limit, width }: ClosureOptions): Promise<Closure> {
  const found = new Map<string, NeededBy>();
  let ring: readonly Needed[] = [start];
  let followed = 0;
  for (let distance = 1; ring.length > 0; distance += 1) {
    const isCut = followed + ring.length > limit;
    const followedNow = ring.slice(0, limit - followed);
    followed += followedNow.length;
    const next: Needed[] = [];
    for (const needed of await neededBy(followedNow, direct, width)) {
      if (needed.object.id === start.id || found.has(needed.object.id)) continue;
      found.set(needed.object.id, { ...needed, distance });
      next.push(needed.object);
    }
    if (isCut) return { found: [...found.values()], isCut };
    ring = next;
  }
  return { found: [...found.values()], isCut: false };
}

/** What each of the objects needs directly, in their order, some of them asked for at a time. */
async function neededBy(
  objects: readonly Needed[],
  direct: ClosureOptions['direct'],
  width: number,
): Promise<readonly Omit<NeededBy, 'distance'>[]> {
  const answers: Omit<NeededBy, 'distance'>[] = [];
  for (let at = 0; at < objects.length; at += width) {
    const batch = objects.slice(at, at + width);
    const lists = await Promise.all(batch.map(direct));
    for (const [index, list] of lists.entries()) {
      for (const object of list) answers.push({ object, by: batch[index]?.name ?? '' });
    }
  }
  return answers;
}
