import type { Layout } from './layout.ts';
import { hex, mix, scramble } from './mixing.ts';
import { wordAt } from './words.ts';

/** What is drawn for an object, so that changing one draw does not change the others. */
export const PURPOSE = { id: 1, name: 5, structure: 6, content: 7, folder: 8, project: 9 } as const;

/** What all lines of one project have in common. */
export interface Generation {
  readonly layout: Layout;
  readonly seed: number;
  readonly variant: number;
  readonly projectId: string;
  readonly hasPairs: boolean;
}

/** The first word is a bijection of the index: no two objects of a project have the same id. */
export function idAt(seed: number, index: number): string {
  const first = scramble(index ^ scramble(seed));
  return hex(first) + hex(mix(seed, index, PURPOSE.id)) + hex(mix(seed, index, 2)) + hex(mix(seed, index, 3));
}

export const nameAt = (seed: number, index: number, noun: string): string => {
  const word = mix(seed, index, PURPOSE.name);
  return `${wordAt(word)} ${wordAt(word >>> 8)} ${noun} ${index}`;
};
