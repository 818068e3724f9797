import { setImmediate } from 'node:timers/promises';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { dependencies, type Direction } from '../objects/dependencies.repository.ts';

export interface ClosureRequest {
  readonly scope: string;
  readonly from: string;
  readonly direction: Direction;
  /** Only the next step, or everything that can be reached. */
  readonly depth: 'direct' | 'recursive';
}

/** Ids that one statement asks about; between two statements other requests get their turn. */
const IDS_PER_STEP = 2000;

/** The ids that an object uses, or that use it, without itself. Level by level, each edge read once. */
export async function dependencyClosure(
  db: Executor<MetadataTables>,
  { scope, from, direction, depth }: ClosureRequest,
): Promise<Set<string>> {
  const reached = new Set<string>();
  let level = [from];
  while (level.length > 0) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += IDS_PER_STEP) {
      const ids = await dependencies(db).step(scope, level.slice(at, at + IDS_PER_STEP), direction);
      const added = ids.filter((id) => id !== from && !reached.has(id));
      for (const id of added) reached.add(id);
      next.push(...new Set(added));
      await setImmediate();
    }
    level = depth === 'direct' ? [] : next;
  }
  return reached;
}
