import { setImmediate } from 'node:timers/promises';
import type { MetadataDatabase } from '../../platform/platform.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { dependencies, type Direction } from '../objects/dependencies.repository.ts';
import { DependencyGraphs } from './dependency-graphs.ts';

export interface ClosureRequest {
  readonly scope: string;
  readonly from: string;
  readonly direction: Direction;
  /** Only the next step, or everything that can be reached. */
  readonly depth: 'direct' | 'recursive';
}

/** Ids that one statement asks about; between two statements other requests get their turn. */
const IDS_PER_STEP = 2000;
/**
 * What is reached level by level before all edges of the scope are read instead. Level by level, an object costs about
 * four times what it costs in one scan, so that a project of 20,000 objects would pay for it; in a larger one, closures
 * of this size stay as cheap as they are.
 */
const REACHED_BY_LEVELS = 5_000;

/** Finds what objects use, or what uses them, directly or at any distance. */
export interface DependencyClosures {
  /** The ids that an object uses, or that use it, without itself. */
  find(request: ClosureRequest): Promise<ReadonlySet<string>>;
}

/**
 * Small closures are read level by level. A large one is walked in memory on the graph of its scope, which is kept for
 * the next one until something is written to the scope.
 */
export function dependencyClosures(
  metadata: MetadataDatabase,
  { byLevels = REACHED_BY_LEVELS, graphs = new DependencyGraphs(metadata) } = {},
): DependencyClosures {
  return {
    async find(request) {
      const { scope, from, direction, depth } = request;
      if (depth === 'direct') return new Set(await walkLevels(metadata.reader, request));
      const kept = await graphs.find(scope);
      if (kept) return new Set(kept.reach(from, direction));
      const small = await walkLevels(metadata.reader, request, byLevels);
      if (small) return small;
      const loaded = await graphs.load(scope);
      return loaded ? new Set(loaded.reach(from, direction)) : walkLevels(metadata.reader, request);
    },
  };
}

/** Level by level, each edge read once. */
function walkLevels(db: Executor<MetadataTables>, request: ClosureRequest): Promise<Set<string>>;
/** Undefined as soon as more than `most` are reached. */
function walkLevels(
  db: Executor<MetadataTables>,
  request: ClosureRequest,
  most: number,
): Promise<Set<string> | undefined>;
async function walkLevels(
  db: Executor<MetadataTables>,
  { scope, from, direction, depth }: ClosureRequest,
  most = Number.POSITIVE_INFINITY,
): Promise<Set<string> | undefined> {
  const reached = new Set<string>();
  let level = [from];
  while (level.length > 0) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += IDS_PER_STEP) {
      const ids = await dependencies(db).step(scope, level.slice(at, at + IDS_PER_STEP), direction);
      // One by one: more objects can use one than a function takes arguments.
      for (const id of ids.filter((each) => each !== from && !reached.has(each))) {
        reached.add(id);
        next.push(id);
      }
      if (reached.size > most) return undefined;
      await setImmediate();
    }
    level = depth === 'direct' ? [] : next;
  }
  return reached;
}
