import { parseObjectId, type JsonObject, type JsonValue } from '@longshore/domain';

/** What a schema update needs to know of an attribute. */
export interface MappedAttribute {
  readonly id: string;
  /** Tables that hold the attribute: those that its expressions are mapped to, and its lookup tables. */
  readonly tableIds: ReadonlySet<string>;
  readonly parentIds: ReadonlySet<string>;
}

/** What a schema update computes for a logical table. */
export interface TableFacts {
  readonly logicalSize: number;
  /** Ids of the attributes that identify a row, sorted. */
  readonly key: readonly string[];
}

/** Reads an attribute's tables and parents from its definition, in the shape of the modeling API. */
export function readAttribute(id: string, definition: JsonObject): MappedAttribute {
  const forms = listOf(definition['forms']).filter(isObject);
  const expressions = forms.flatMap((form) => listOf(form['expressions'])).filter(isObject);
  const mapped = expressions.flatMap((expression) => listOf(expression['tables']));
  const lookups = [definition['attributeLookupTable'], ...forms.map((form) => form['lookupTable'])];
  const relationships = listOf(definition['relationships']).filter(isObject);
  const parents = relationships.filter((each) => idIn(each['child']) === id).map((each) => idIn(each['parent']));
  return {
    id,
    tableIds: new Set([...mapped, ...lookups].map(idIn).filter(isText)),
    parentIds: new Set(parents.filter(isText).filter((parent) => parent !== id)),
  };
}

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);
const isText = (value: string | undefined): value is string => value !== undefined;
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function idIn(reference: JsonValue | undefined): string | undefined {
  const id = isObject(reference) ? reference['objectId'] : undefined;
  return typeof id === 'string' ? parseObjectId(id) : undefined;
}

/**
 * Facts of every given table (spec/semantics.md 3). An attribute weighs its level in its hierarchy, counted from the
 * top, by the number of levels there, times ten; a table's logical size is the rounded sum over its attributes. Its key
 * are its attributes that are not above another of its attributes.
 */
export function computeTableFacts(
  tableIds: readonly string[],
  attributes: readonly MappedAttribute[],
): Map<string, TableFacts> {
  const hierarchy = new AttributeHierarchy(attributes);
  const members = new Map<string, string[]>(tableIds.map((id) => [id, []]));
  for (const attribute of attributes) {
    for (const tableId of attribute.tableIds) members.get(tableId)?.push(attribute.id);
  }
  return new Map(
    [...members].map(([tableId, ids]) => {
      const size = ids.reduce((sum, id) => sum + hierarchy.weight(id), 0);
      return [tableId, { logicalSize: Math.round(size), key: hierarchy.lowest(ids).toSorted() }];
    }),
  );
}

/** Levels of attributes along their parents. A circle of parents is entered once, so that every walk ends. */
class AttributeHierarchy {
  readonly #parents: ReadonlyMap<string, readonly string[]>;
  readonly #levels = new Map<string, number>();
  readonly #heights = new Map<string, number>();
  /** Attributes that lie on a circle or between two; in a sound schema there are none. */
  readonly #circular: ReadonlySet<string>;

  constructor(attributes: readonly MappedAttribute[]) {
    const known = new Set(attributes.map((attribute) => attribute.id));
    this.#parents = new Map(
      attributes.map(({ id, parentIds }) => [id, [...parentIds].filter((parent) => known.has(parent)).toSorted()]),
    );
    this.#circular = withoutEnds(this.#parents);
    for (const id of [...known].toSorted()) this.#computeLevel(id);
    this.#computeHeights();
  }

  weight(id: string): number {
    return ((this.#levels.get(id) ?? 1) / (this.#heights.get(id) ?? 1)) * 10;
  }

  /** Those of the attributes that are not above another of them. Of a circle none is above the others. */
  lowest(ids: readonly string[]): string[] {
    const above = this.#ancestorsOf(ids);
    return ids.filter((id) => !above.has(id) || (this.#circular.has(id) && this.#isLowestOfCircle(id, ids)));
  }

  #isLowestOfCircle(id: string, ids: readonly string[]): boolean {
    const above = this.#ancestorsOf([id]);
    return ids.every((other) => other === id || above.has(other) || !this.#ancestorsOf([other]).has(id));
  }

  #ancestorsOf(ids: readonly string[]): Set<string> {
    const found = new Set(ids.flatMap((id) => this.#parents.get(id) ?? []));
    for (const id of found) for (const parent of this.#parents.get(id) ?? []) found.add(parent);
    return found;
  }

  /** One more than the highest level among the parents; keeps its own stack, since chains can be long. */
  #computeLevel(start: string): void {
    const path = [{ id: start, seen: 0 }];
    const open = new Set([start]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const parents = this.#parents.get(step.id) ?? [];
      const parent = parents[step.seen];
      if (parent === undefined) {
        path.pop();
        if (!this.#levels.has(step.id)) this.#levels.set(step.id, 1 + this.#highestLevel(parents));
        continue;
      }
      step.seen += 1;
      if (this.#levels.has(parent) || open.has(parent)) continue;
      open.add(parent);
      path.push({ id: parent, seen: 0 });
    }
  }

  /** An attribute can have more neighbours than a function takes arguments. */
  #highestLevel(ids: readonly string[]): number {
    return ids.reduce((highest, id) => Math.max(highest, this.#levels.get(id) ?? 0), 0);
  }

  /** The number of levels of the hierarchy to which each attribute belongs: of everything that relationships join. */
  #computeHeights(): void {
    const neighbours = new Map<string, string[]>();
    for (const [id, parents] of this.#parents) {
      for (const parent of parents) {
        append(neighbours, id, parent);
        append(neighbours, parent, id);
      }
    }
    for (const id of this.#parents.keys()) {
      if (this.#heights.has(id)) continue;
      const members = reachable(id, neighbours);
      const height = this.#highestLevel(members);
      for (const member of members) this.#heights.set(member, height);
    }
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function reachable(start: string, neighbours: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set([start]);
  for (const id of found) for (const next of neighbours.get(id) ?? []) found.add(next);
  return [...found];
}

/** What is left when everything that has nothing above it, or nothing below it, is taken away again and again. */
function withoutEnds(parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const children = new Map<string, string[]>();
  for (const [id, above] of parents) for (const parent of above) append(children, parent, id);
  const left = new Set(parents.keys());
  takeAway(left, parents, children);
  takeAway(left, children, parents);
  return left;
}

function takeAway(
  left: Set<string>,
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): void {
  const open = new Map([...left].map((id) => [id, (before.get(id) ?? []).filter((each) => left.has(each)).length]));
  const free = [...left].filter((id) => open.get(id) === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const next of after.get(id) ?? []) {
      const count = (open.get(next) ?? 0) - 1;
      open.set(next, count);
      if (count === 0) free.push(next);
    }
  }
}
