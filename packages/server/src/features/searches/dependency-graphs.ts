import { setImmediate } from 'node:timers/promises';
import type { MetadataDatabase } from '../../platform/platform.ts';
import { dependencies, dependencyScan } from '../objects/dependencies.repository.ts';
import { DependencyGraphBuilder, type DependencyGraph } from './dependency-graph.ts';
import { KeptScopes } from './kept-scopes.ts';

/** Edges that are kept at most, of all scopes together: some 40 bytes each with the ids of their ends. */
const MOST_EDGES = 4_000_000;
/** Small graphs of many scopes are no gain: where little is reached, nobody asks for one. */
const MOST_SCOPES = 16;

interface KeptGraph {
  readonly revision: string;
  /** Null when the scope has more edges than are kept. */
  readonly graph: DependencyGraph | null;
}

const edgesOf = ({ graph }: KeptGraph): number => graph?.edges ?? 0;

/** The graphs of the scopes that were asked about last, each as long as nothing is written to its scope. */
export class DependencyGraphs {
  readonly #metadata: MetadataDatabase;
  readonly #mostEdges: number;
  readonly #kept: KeptScopes<KeptGraph>;
  readonly #building = new Map<string, Promise<KeptGraph>>();

  constructor(metadata: MetadataDatabase, mostEdges: number = MOST_EDGES) {
    this.#metadata = metadata;
    this.#mostEdges = mostEdges;
    this.#kept = new KeptScopes({ sizeOf: edgesOf, mostSize: mostEdges, mostScopes: MOST_SCOPES });
  }

  /** The graph of a scope when it is at hand and nothing was written since; one small query tells. */
  async find(scope: string): Promise<DependencyGraph | undefined> {
    const kept = this.#kept.get(scope);
    if (!kept) return undefined;
    if (kept.revision !== (await dependencies(this.#metadata.reader).revision(scope))) {
      if (this.#kept.get(scope) === kept) this.#kept.forget(scope);
      return undefined;
    }
    this.#kept.keep(scope, kept);
    return kept.graph ?? undefined;
  }

  /** Reads all edges of a scope; undefined when there are too many to be kept. */
  async load(scope: string): Promise<DependencyGraph | undefined> {
    // What is being read may be older than something that was written before this was asked for.
    const known = (await this.#building.get(scope)) ?? this.#kept.get(scope);
    if (known && known.revision === (await dependencies(this.#metadata.reader).revision(scope))) {
      return known.graph ?? undefined;
    }
    // Whoever reads now has begun after that.
    const built = await (this.#building.get(scope) ?? this.#build(scope));
    return built.graph ?? undefined;
  }

  /** Several searches that begin together wait for one reading. */
  #build(scope: string): Promise<KeptGraph> {
    const building = this.#read(scope).finally(() => this.#building.delete(scope));
    this.#building.set(scope, building);
    return building;
  }

  /** The revision is read in the snapshot of the edges: what is written meanwhile makes the graph an old one. */
  async #read(scope: string): Promise<KeptGraph> {
    const snapshot = this.#metadata.openReader();
    try {
      const scan = dependencyScan(snapshot, scope);
      const revision = await scan.revision();
      const builder = new DependencyGraphBuilder();
      let isTooLarge = false;
      for await (const edges of scan.edges()) {
        for (const edge of edges) builder.add(edge);
        isTooLarge = builder.edges > this.#mostEdges;
        if (isTooLarge) break;
        // Other requests get their turn.
        await setImmediate();
      }
      const kept = { revision, graph: isTooLarge ? null : builder.build() };
      this.#kept.keep(scope, kept);
      return kept;
    } finally {
      await snapshot.close();
    }
  }
}
