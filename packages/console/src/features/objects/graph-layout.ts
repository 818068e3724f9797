import type { GraphEdge } from './model/neighbourhood.ts';

/** What the layout worker is asked: boxes and arrows. */
export interface LayoutRequest {
  readonly number: number;
  readonly nodes: readonly string[];
  readonly edges: readonly GraphEdge[];
}

export interface Placed {
  readonly id: string;
  /** Left upper corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge extends GraphEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface GraphLayout {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly PlacedEdge[];
}

/** Size of a box, in pixels; the style sheet has the same. */
export const NODE_WIDTH = 200;
export const NODE_HEIGHT = 52;
