import { canonicalJson } from '../objects/canonical-json.ts';
import type { JsonObject, JsonValue } from '../objects/metadata-object.ts';

/** One step from one JSON value to another. Paths are JSON pointers (RFC 6901); steps are taken in their order. */
export type JsonChange =
  /** In a list, the value is put in before the member that stands at the place so far. */
  | { readonly change: 'added'; readonly path: string; readonly to: JsonValue }
  | { readonly change: 'removed'; readonly path: string; readonly from: JsonValue }
  | { readonly change: 'changed'; readonly path: string; readonly from: JsonValue; readonly to: JsonValue };

const isList = (value: JsonValue): value is JsonValue[] => Array.isArray(value);
const isMap = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const step = (path: string, key: string | number): string =>
  `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * What has to be done to `from` to get `to`, member by member. Lists are compared by what their members are, not by
 * where they stand: members are recognised by an id that they carry, else by being equal. Equal values give no change.
 */
export function jsonDifference(from: JsonValue, to: JsonValue): JsonChange[] {
  const changes: JsonChange[] = [];
  compare('', from, to, changes);
  return changes;
}

function compare(path: string, from: JsonValue, to: JsonValue, changes: JsonChange[]): void {
  if (isMap(from) && isMap(to)) return compareMaps(path, from, to, changes);
  if (isList(from) && isList(to)) return compareLists(path, from, to, changes);
  if (!isSame(from, to)) changes.push({ change: 'changed', path, from, to });
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return canonicalJson(a) === canonicalJson(b);
}

function compareMaps(path: string, from: JsonObject, to: JsonObject, changes: JsonChange[]): void {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  for (const key of keys) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    const after = Object.hasOwn(to, key) ? to[key] : undefined;
    const at = step(path, key);
    if (before === undefined && after !== undefined) changes.push({ change: 'added', path: at, to: after });
    else if (before !== undefined && after === undefined) changes.push({ change: 'removed', path: at, from: before });
    else if (before !== undefined && after !== undefined) compare(at, before, after, changes);
  }
}

/** Removals come first, from the end, so that every path is the place where the reader finds the member. */
function compareLists(path: string, from: readonly JsonValue[], to: readonly JsonValue[], changes: JsonChange[]): void {
  const partners = alignLists(from, to);
  const kept = new Set(partners.filter((partner) => partner !== null));
  for (let index = from.length - 1; index >= 0; index -= 1) {
    const member = from[index];
    if (member !== undefined && !kept.has(index)) {
      changes.push({ change: 'removed', path: step(path, index), from: member });
    }
  }
  for (const [index, member] of to.entries()) {
    const partner = partners[index] ?? null;
    const before = partner === null ? undefined : from[partner];
    if (before === undefined) changes.push({ change: 'added', path: step(path, index), to: member });
    else compare(step(path, index), before, member, changes);
  }
}

/** Above so many pairs, members between the equal ends of two lists are matched by place alone. */
const MOST_PAIRS = 250_000;

/** For each member of `to`, the place of the member of `from` that it comes from, in rising order; null for none. */
function alignLists(from: readonly JsonValue[], to: readonly JsonValue[]): (number | null)[] {
  const before = from.map(identityOf);
  const after = to.map(identityOf);
  const partners: (number | null)[] = to.map(() => null);
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    partners[start] = start;
    start += 1;
  }
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) {
    partners[after.length - 1 - end] = before.length - 1 - end;
    end += 1;
  }
  const middleBefore = before.slice(start, before.length - end);
  const middleAfter = after.slice(start, after.length - end);
  const isLarge = middleBefore.length * middleAfter.length > MOST_PAIRS;
  const middle = isLarge ? pairByPlace(middleBefore, middleAfter) : longestCommon(middleBefore, middleAfter);
  for (const [index, partner] of middle.entries()) partners[start + index] = partner === null ? null : start + partner;
  return isLarge ? partners : pairLeftovers(partners, from, to);
}

const ID_KEYS = ['objectId', 'id', 'key', 'trusteeId'] as const;

/** What makes two members of lists the same one although they may differ. */
function identityOf(value: JsonValue): string {
  if (!isMap(value)) return `= ${canonicalJson(value)}`;
  for (const key of ID_KEYS) {
    const id = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof id === 'string' && id !== '') return `${key} ${id}`;
  }
  return `= ${canonicalJson(value)}`;
}

const pairByPlace = (before: readonly string[], after: readonly string[]): (number | null)[] =>
  after.map((_, index) => (index < before.length ? index : null));

function longestCommon(before: readonly string[], after: readonly string[]): (number | null)[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const isPair = before[i] === after[j];
      lengths[i * width + j] = isPair
        ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const partners: (number | null)[] = after.map(() => null);
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) {
      partners[j] = i;
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return partners;
}

/**
 * Members without an id that were changed where they stand: between two matched members, as many of one list as of the
 * other are taken as pairs, so that a changed member is told as such and not as one removed and one added.
 */
function pairLeftovers(
  partners: readonly (number | null)[],
  from: readonly JsonValue[],
  to: readonly JsonValue[],
): (number | null)[] {
  const paired = [...partners];
  for (let index = 0; index < paired.length;) {
    if (paired[index] !== null) {
      index += 1;
      continue;
    }
    let last = index;
    while (last < paired.length && paired[last] === null) last += 1;
    const first = (index === 0 ? -1 : (paired[index - 1] ?? -1)) + 1;
    const beyond = last < paired.length ? (paired[last] ?? from.length) : from.length;
    for (let offset = 0; offset < last - index && first + offset < beyond; offset += 1) {
      if (isAlike(from[first + offset], to[index + offset])) paired[index + offset] = first + offset;
    }
    index = last;
  }
  return paired;
}

/** Two maps without ids of their own, or two lists: what differs between them is worth telling by itself. */
function isAlike(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (isList(a) && isList(b)) return true;
  return isMap(a) && isMap(b) && identityOf(a).startsWith('=') && identityOf(b).startsWith('=');
}

/** Takes the steps of a difference. @throws Error when a path leads nowhere, which no difference of this value does. */
export function applyJsonDifference(value: JsonValue, changes: readonly JsonChange[]): JsonValue {
  const root = { value: structuredClone(value) };
  for (const change of changes) {
    if (change.path === '') {
      if (change.change === 'removed') throw new Error('The whole value cannot be removed.');
      root.value = structuredClone(change.to);
    } else takeStep(root.value, change);
  }
  return root.value;
}

function takeStep(root: JsonValue, change: JsonChange): void {
  const keys = change.path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  const holder = keys.reduce<JsonValue | undefined>(memberOf, root);
  if (holder === undefined || (!isMap(holder) && !isList(holder))) throw new Error(`${change.path} leads nowhere.`);
  if (isList(holder)) {
    const added = change.change === 'removed' ? [] : [structuredClone(change.to)];
    holder.splice(Number(last), change.change === 'added' ? 0 : 1, ...added);
    return;
  }
  if (change.change === 'removed') delete holder[last];
  else setMember(holder, last, structuredClone(change.to));
}

/** A key may be `__proto__`, which an assignment would take for something else. */
function setMember(holder: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (value === undefined) return undefined;
  if (isList(value)) return value[Number(key)];
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
