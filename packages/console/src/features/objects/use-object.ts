import { useEffect, useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Direction } from '@longshore/client';
import type { ObjectSummary } from '@longshore/contracts';
import type { Connection } from '../../environments/index.ts';
import type { GraphLayout, LayoutRequest } from './graph-layout.ts';
import { neighbourhoodOf, type Graph, type GraphNode, type Neighbours } from './model/neighbourhood.ts';

/** Names one object of a project of the environment. */
export interface ObjectKey {
  readonly connection: Connection;
  readonly projectId: string;
  readonly type: number;
  readonly id: string;
}

const keyOf = (what: string, { connection, projectId, type, id }: ObjectKey): readonly unknown[] => [
  what,
  connection.environment.url,
  projectId,
  type,
  id,
];

export function useObject(key: ObjectKey) {
  const { connection, projectId, type, id } = key;
  return useQuery({
    queryKey: keyOf('object', key),
    queryFn: ({ signal }) => connection.client.objects.get(id, type, { projectId, signal }),
  });
}

export function useDefinition(key: ObjectKey) {
  const { connection, projectId, type, id } = key;
  return useQuery({
    queryKey: keyOf('object-definition', key),
    queryFn: ({ signal }) => connection.client.objects.definition(id, type, { projectId, signal }),
  });
}

export function useTranslations(key: ObjectKey) {
  const { connection, projectId, type, id } = key;
  return useQuery({
    queryKey: keyOf('object-translations', key),
    queryFn: ({ signal }) => connection.client.objects.translations(id, type, { projectId, signal }),
  });
}

/** So many related objects are listed; the rest is counted. */
export const MOST_RELATED = 1000;

export function useRelated(key: ObjectKey, direction: Direction, reach: 'direct' | 'transitive') {
  return useQuery({
    queryKey: [...keyOf('related', key), direction, reach],
    queryFn: ({ signal }) => related(key, { direction, reach, limit: MOST_RELATED, signal }),
  });
}

interface RelatedOptions {
  readonly direction: Direction;
  readonly reach: 'direct' | 'transitive';
  readonly limit: number;
  readonly signal: AbortSignal;
}

const related = (
  { connection, projectId, type, id }: ObjectKey,
  options: RelatedOptions,
): Promise<{ readonly totalItems: number; readonly result: readonly ObjectSummary[] }> =>
  connection.client.searches.dependencies({ object: { id, type }, projectId, ...options });

/** So many neighbours in each direction are asked for. */
const MOST_NEIGHBOURS = 40;

/** The graph around an object; what was read of an object is kept for the next one. */
export function useNeighbourhood(key: ObjectKey, name: string, depth: number, expand: ReadonlySet<string>) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: [...keyOf('graph', key), depth, [...expand].toSorted()],
    placeholderData: (before) => before,
    queryFn: (): Promise<Graph> =>
      neighbourhoodOf(
        { id: key.id, type: key.type, name },
        { depth, expand, load: (node) => queries.fetchQuery(neighboursQuery({ ...key, ...node })) },
      ),
  });
}

const neighboursQuery = (key: ObjectKey) => ({
  queryKey: keyOf('neighbours', key),
  staleTime: 60_000,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Neighbours> => {
    const [uses, usedBy] = await Promise.all(
      (['uses', 'used-by'] as const).map((direction) =>
        related(key, { direction, reach: 'direct', limit: MOST_NEIGHBOURS, signal }),
      ),
    );
    return { uses: nodesOf(uses?.result), usedBy: nodesOf(usedBy?.result) };
  },
});

const nodesOf = (objects: readonly ObjectSummary[] = []): GraphNode[] =>
  objects.map(({ id, type, name }) => ({ id, type, name }));

/** Has the graph laid out by a worker; null until the first answer is there. */
export function useLayout(graph: Graph | undefined): GraphLayout | null {
  const worker = useRef<Worker | null>(null);
  const asked = useRef(0);
  const [placed, setPlaced] = useState<GraphLayout | null>(null);
  useEffect(() => {
    const started = new Worker(new URL('./graph-layout.worker.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', (event: MessageEvent<GraphLayout>) => {
      // An answer to an older question is late.
      if (event.data.number === asked.current) setPlaced(event.data);
    });
    worker.current = started;
    return () => started.terminate();
  }, []);
  useEffect(() => {
    if (!graph) return;
    asked.current += 1;
    const request: LayoutRequest = {
      number: asked.current,
      nodes: graph.nodes.map(({ id }) => id),
      edges: graph.edges,
    };
    worker.current?.postMessage(request);
  }, [graph]);
  return placed;
}
