import { idAt, nameAt } from './identities.ts';
import type { Generation } from './identities.ts';
import { ATTRIBUTE_KIND, GENERATED_KINDS, METRIC_KIND } from './layout.ts';
import type { Place } from './layout.ts';
import type { NumberSource } from './mixing.ts';

/** A generated object, as another one refers to it. */
export interface Target {
  readonly id: string;
  readonly type: number;
  readonly subType: string;
  readonly name: string;
}

function targetAt(generation: Generation, block: number, kind: number, position: number): Target | undefined {
  const { layout, seed } = generation;
  const facts = GENERATED_KINDS[kind];
  const index = layout.indexOf(block, kind, position);
  if (facts === undefined || index >= layout.contents) return undefined;
  const object = layout.folders + index;
  return { id: idAt(seed, object), type: facts.type, subType: facts.subType, name: nameAt(seed, object, facts.noun) };
}

/** Half of what is used stands in the same block, a quarter in the one before, and so on; a few stand anywhere. */
function blockOfTarget(block: number, numbers: NumberSource): number {
  const word = numbers.next();
  const distance = (word & 31) === 0 ? numbers.below(block + 1) : Math.clz32(word);
  return Math.max(0, block - distance);
}

/** Metrics of the first level stand on base formulas, those of each further level on metrics of the level below. */
function metricTargets(generation: Generation, place: Place, numbers: NumberSource): Target[] {
  const { layout } = generation;
  const count = layout.countOf(METRIC_KIND);
  const level = Math.floor((place.position * layout.metricLevels) / count);
  if (level === 0) return targetsByKind(generation, place, numbers);
  const from = Math.ceil(((level - 1) * count) / layout.metricLevels);
  const width = Math.ceil((level * count) / layout.metricLevels) - from;
  const found: Target[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const block = blockOfTarget(place.block, numbers);
    const target = width > 0 ? targetAt(generation, block, METRIC_KIND, from + numbers.below(width)) : undefined;
    if (target !== undefined) found.push(target);
  }
  return found;
}

function targetsByKind(generation: Generation, place: Place, numbers: NumberSource): Target[] {
  const found: Target[] = [];
  for (const [kind, count] of GENERATED_KINDS[place.kind]?.needs ?? []) {
    const available = generation.layout.countOf(kind);
    const turns = available > 0 ? count : 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const block = blockOfTarget(place.block, numbers);
      const target = targetAt(generation, block, kind, numbers.below(available));
      if (target !== undefined) found.push(target);
    }
  }
  return found;
}

function pairTarget(generation: Generation, place: Place): Target[] {
  const partner = place.position % 2 === 0 ? place.position + 1 : place.position - 1;
  if (partner >= generation.layout.countOf(ATTRIBUTE_KIND)) return [];
  const target = targetAt(generation, place.block, ATTRIBUTE_KIND, partner);
  return target === undefined ? [] : [target];
}

/** What an object needs, drawn from its structure numbers. */
export function targetsOf(generation: Generation, place: Place, numbers: NumberSource): Target[] {
  if (place.kind === METRIC_KIND) return metricTargets(generation, place, numbers);
  const targets = targetsByKind(generation, place, numbers);
  if (place.kind !== ATTRIBUTE_KIND || !generation.hasPairs) return targets;
  return [...targets, ...pairTarget(generation, place)];
}
