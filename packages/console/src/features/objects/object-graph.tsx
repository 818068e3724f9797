import { useEffect, useRef, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { ErrorState, Loading, SelectField } from '../../design/index.ts';
import { countText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import type { GraphLayout } from './graph-layout.ts';
import { MOST_NODES, type Graph } from './model/neighbourhood.ts';
import { useLayout, useNeighbourhood, type ObjectKey } from './use-object.ts';

const t = texts.object;
const DEPTHS = [1, 2, 3] as const;

interface ObjectGraphProps {
  readonly objectKey: ObjectKey;
  readonly name: string;
}

/** What is around an object, as boxes and arrows. Every box is a link, so that the keyboard reaches all of them. */
export function ObjectGraph({ objectKey, name }: ObjectGraphProps) {
  const [depth, setDepth] = useState(1);
  const [expand, setExpand] = useState<ReadonlySet<string>>(new Set());
  const graph = useNeighbourhood(objectKey, name, depth, expand);
  const layout = useLayout(graph.data);
  return (
    <>
      <div className="row spread">
        <p className="muted">{t.graphHint}</p>
        <SelectField
          label={t.depth}
          choices={DEPTHS.map((steps) => ({ value: String(steps), label: String(steps) }))}
          value={String(depth)}
          onChange={(event) => setDepth(Number(event.target.value))}
        />
      </div>
      {graph.error ? <ErrorState error={graph.error} onRetry={() => void graph.refetch()} /> : null}
      {!layout && !graph.error ? <Loading /> : null}
      {graph.data && layout ? (
        <Drawing
          graph={graph.data}
          layout={layout}
          objectKey={objectKey}
          onExpand={(id) => setExpand((before) => new Set([...before, id]))}
        />
      ) : null}
      {graph.data?.isFull ? <p className="small muted">{t.full(countText(MOST_NODES))}</p> : null}
    </>
  );
}

interface DrawingProps {
  readonly graph: Graph;
  readonly layout: GraphLayout;
  readonly objectKey: ObjectKey;
  readonly onExpand: (id: string) => void;
}

function Drawing({ graph, layout, objectKey, onExpand }: DrawingProps) {
  const { width, height } = layout;
  const places = new Map(layout.nodes.map((node) => [node.id, node]));
  const box = useRef<HTMLDivElement>(null);
  const middle = places.get(objectKey.id);
  const [top, left] = [middle?.y ?? 0, middle?.x ?? 0];
  // A large graph is first seen where the object itself is.
  useEffect(() => {
    const { clientHeight = 0, clientWidth = 0 } = box.current ?? {};
    box.current?.scrollTo({ top: top - clientHeight / 2, left: left - clientWidth / 2 });
  }, [top, left]);
  return (
    <div ref={box} className="graph card" role="region" aria-label={t.graph} tabIndex={0}>
      <div className="graph-sheet" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          <defs>
            <marker id="graph-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {layout.edges.map(({ from, to, points }) => (
            <path
              key={`${from} ${to}`}
              d={points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}
              markerEnd="url(#graph-arrow)"
            />
          ))}
        </svg>
        <ul>
          {graph.nodes.map(({ id, type, name }) => {
            const place = places.get(id);
            if (!place) return null;
            return (
              <li
                key={id}
                className={id === objectKey.id ? 'graph-node graph-middle' : 'graph-node'}
                style={{ left: place.x, top: place.y }}
              >
                <Link
                  to="/objects/$projectId/$type/$id"
                  params={{ projectId: objectKey.projectId, type: String(type), id }}
                  search={{ part: 'graph', at: objectKey.connection.environment.url }}
                  title={name}
                >
                  {name}
                </Link>
                <span className="small muted">{typeText(type)}</span>
                {graph.expanded.has(id) ? null : (
                  <button
                    type="button"
                    aria-label={t.expand(name, typeText(type))}
                    title={t.expand(name, typeText(type))}
                    onClick={() => onExpand(id)}
                  >
                    +
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
