import { isFolder } from '../objects/types.ts';
import type { PlanRow } from './plan-types.ts';

/**
 * The positions of the rows in the order in which they are decided: folders before all else, and a folder after the
 * folder that holds it, because what is created in a folder may inherit the ACL that the folder is about to get. A
 * cycle among the folders is cut at an arbitrary but fixed place; the check of the post-image refuses it.
 */
export function decidingOrder(rows: readonly PlanRow[]): number[] {
  const positionById = new Map<string, number>();
  rows.forEach((row, position) => {
    if (isFolder(row.incoming)) positionById.set(row.incoming.id, position);
  });
  const order: number[] = [];
  const placed = new Set<number>();
  const startPositions = [...positionById.values()].toSorted((a, b) => compareIds(rows, a, b));
  for (const start of startPositions) {
    const chain: number[] = [];
    let position: number | undefined = start;
    while (position !== undefined && !placed.has(position)) {
      placed.add(position);
      chain.push(position);
      const parentId: string | null = rows[position]?.incoming.parentId ?? null;
      position = parentId === null ? undefined : positionById.get(parentId);
    }
    for (const folder of chain.toReversed()) order.push(folder);
  }
  rows.forEach((_, position) => {
    if (!placed.has(position)) order.push(position);
  });
  return order;
}

function compareIds(rows: readonly PlanRow[], a: number, b: number): number {
  const [idA, idB] = [rows[a]?.incoming.id ?? '', rows[b]?.incoming.id ?? ''];
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}
