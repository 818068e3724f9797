import type { TocEntry } from '@longshore/client';

/** How an object of a project differs between two dumps. `same` objects are not listed outside the package. */
export const CHANGE_KINDS = ['created', 'replaced', 'moved', 'renamed', 'deleted', 'unchanged'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface ObjectChange {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly kind: ChangeKind;
  /** True for an object that came along without being in the package's list, such as a missing folder. */
  readonly isOutsidePackage: boolean;
}

type DumpedObject = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly type: number;
  readonly name: string;
};

/** Fields that an object keeps while it is only moved or renamed. */
const PLACE = ['parentId', 'name', 'dateModified', 'version'];

/** What happened to the objects of a package, and to others with them; by name within a kind. */
export function compareDumps(before: string, after: string, content: readonly TocEntry[]): ObjectChange[] {
  const old = readObjects(before);
  const now = readObjects(after);
  const packed = new Set(content.map(({ id }) => id));
  const changes: ObjectChange[] = [];
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(id);
    const is = now.get(id);
    const shown = is ?? was;
    const kind = kindOf(was, is);
    if (!shown || (kind === 'unchanged' && !packed.has(id))) continue;
    changes.push({ id, type: shown.type, name: shown.name, kind, isOutsidePackage: !packed.has(id) });
  }
  return changes.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function kindOf(was: DumpedObject | undefined, is: DumpedObject | undefined): ChangeKind {
  if (!was) return 'created';
  if (!is) return 'deleted';
  if (contentOf(was) !== contentOf(is)) return 'replaced';
  if (was['parentId'] !== is['parentId']) return 'moved';
  if (was.name !== is.name) return 'renamed';
  return JSON.stringify(was) === JSON.stringify(is) ? 'unchanged' : 'replaced';
}

/** Keys are sorted in a dump, so equal content gives equal text. */
const contentOf = (object: DumpedObject): string =>
  JSON.stringify(Object.entries(object).filter(([key]) => !PLACE.includes(key)));

function readObjects(dump: string): Map<string, DumpedObject> {
  const objects = new Map<string, DumpedObject>();
  for (const line of dump.split('\n')) {
    if (line === '') continue;
    const object = JSON.parse(line) as DumpedObject;
    if (object['kind'] === 'object') objects.set(object.id, object);
  }
  return objects;
}

const SHOWN_NAMES = 6;

/** Lines such as `created 12: Age Range, Brand, … and 6 more`, one per kind that occurs. */
export function describeChanges(changes: readonly ObjectChange[]): string[] {
  return CHANGE_KINDS.flatMap((kind) => {
    const inside = changes.filter((change) => change.kind === kind && !change.isOutsidePackage);
    const outside = changes.filter((change) => change.kind === kind && change.isOutsidePackage);
    return [...describeKind(kind, inside), ...describeKind(`${kind} beside the package`, outside)];
  });
}

function describeKind(title: string, changes: readonly ObjectChange[]): string[] {
  if (changes.length === 0) return [];
  const names = changes.slice(0, SHOWN_NAMES).map(({ name }) => name);
  const more = changes.length > SHOWN_NAMES ? ` and ${changes.length - SHOWN_NAMES} more` : '';
  return [`${title} ${changes.length}: ${names.join(', ')}${more}`];
}
