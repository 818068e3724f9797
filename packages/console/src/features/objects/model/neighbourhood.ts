/** An object in a graph of uses. */
export interface GraphNode {
  readonly id: string;
  readonly type: number;
  readonly name: string;
}

/** `from` uses `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Objects whose neighbours are all in the graph. */
  readonly expanded: ReadonlySet<string>;
  /** True when there are more objects than the graph may hold. */
  readonly isFull: boolean;
}

export interface Neighbours {
  readonly uses: readonly GraphNode[];
  readonly usedBy: readonly GraphNode[];
}

/** A graph with more of them cannot be read by anybody. */
export const MOST_NODES = 60;

export interface NeighbourhoodOptions {
  /** So many steps from the middle, in both directions. */
  readonly depth: number;
  /** Further objects that are to be shown with what is around them. */
  readonly expand: ReadonlySet<string>;
  readonly load: (node: GraphNode) => Promise<Neighbours>;
}

/** What is around an object, nearest first, and no more than can be drawn. */
export async function neighbourhoodOf(
  middle: GraphNode,
  { depth, expand, load }: NeighbourhoodOptions,
): Promise<Graph> {
  const drawn = new Drawn(middle);
  let ring: readonly GraphNode[] = [middle];
  for (let distance = 0; ring.length > 0; distance += 1) {
    const next: GraphNode[] = [];
    for (const node of ring) {
      if (distance < depth || expand.has(node.id)) next.push(...drawn.add(node, await load(node)));
    }
    ring = next;
  }
  return drawn.graph();
}

class Drawn {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();
  readonly #expanded = new Set<string>();
  #isFull = false;

  constructor(middle: GraphNode) {
    this.#nodes.set(middle.id, middle);
  }

  /** Adds what is around an object. @returns what was not there before */
  add(node: GraphNode, { uses, usedBy }: Neighbours): GraphNode[] {
    this.#expanded.add(node.id);
    const fresh = [...uses, ...usedBy].filter((other) => this.#addNode(other));
    for (const { id } of uses) this.#addEdge({ from: node.id, to: id });
    for (const { id } of usedBy) this.#addEdge({ from: id, to: node.id });
    return fresh;
  }

  graph(): Graph {
    return {
      nodes: [...this.#nodes.values()],
      edges: [...this.#edges.values()],
      expanded: this.#expanded,
      isFull: this.#isFull,
    };
  }

  #addNode(node: GraphNode): boolean {
    if (this.#nodes.has(node.id)) return false;
    if (this.#nodes.size >= MOST_NODES) {
      this.#isFull = true;
      return false;
    }
    this.#nodes.set(node.id, node);
    return true;
  }

  #addEdge(edge: GraphEdge): void {
    const { from, to } = edge;
    if (from !== to && this.#nodes.has(from) && this.#nodes.has(to)) this.#edges.set(`${from} ${to}`, edge);
  }
}
