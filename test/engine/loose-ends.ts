import type { EngineEnvironment } from './environment.ts';

interface Placed {
  readonly id: string;
  readonly parentId: string | null;
}

/** Whatever does not hold together: needs and folders that are not there, and objects from which no way leads up. */
export async function looseEnds(environment: EngineEnvironment): Promise<string[]> {
  const objects = (await environment.dump()).map((line) => JSON.parse(line) as Placed);
  const parents = new Map(objects.map(({ id, parentId }) => [id, parentId]));
  const dangling = (await environment.references()).filter((edge) => !parents.has(edge.split(' ')[2] ?? ''));
  const isRooted = (start: string): boolean => {
    let at: string | null = start;
    for (let steps = 0; at !== null && steps <= objects.length; steps += 1) at = parents.get(at) ?? null;
    return at === null;
  };
  return [
    ...dangling.map((edge) => `needs nothing: ${edge}`),
    ...objects.flatMap(({ id, parentId }) => (parentId === null || parents.has(parentId) ? [] : `in nothing: ${id}`)),
    ...objects.flatMap(({ id }) => (isRooted(id) ? [] : `in a circle: ${id}`)),
  ];
}
