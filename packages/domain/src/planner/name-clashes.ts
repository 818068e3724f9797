import { compareIssues } from './issues.ts';
import type { BlockingIssue, Issue, ObjRef } from './issues.ts';
import type { NameClashPolicy } from './plan-types.ts';

/** Objects of one type that would have one name in one folder after the import. */
export interface NameClash {
  readonly parentId: string | null;
  readonly type: number;
  readonly name: string;
  /** All that would have the name. `decided`: this import writes it under this name. */
  readonly members: readonly { readonly id: string; readonly decided: boolean }[];
  /** Names of all objects of the type in the folder after the import, so that a free one is found. */
  readonly siblingNames: readonly string[];
}

export interface NameClashResolution {
  readonly renames: readonly { readonly id: string; readonly name: string }[];
  readonly issues: readonly Issue[];
}

/** The form in which names are compared: two names clash when their keys are equal. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compareClashes = (a: NameClash, b: NameClash): number =>
  compareText(a.parentId ?? '', b.parentId ?? '') ||
  a.type - b.type ||
  compareText(nameKey(a.name), nameKey(b.name)) ||
  compareText(a.name, b.name);

/** Who keeps the name, and who has to give way, in the order of ids. Objects that the import does not write never do. */
function splitClash(clash: NameClash): { holderId: string; giveWay: string[] } | null {
  const untouched = clash.members
    .filter((member) => !member.decided)
    .map((member) => member.id)
    .toSorted();
  const decided = clash.members
    .filter((member) => member.decided)
    .map((member) => member.id)
    .toSorted();
  const holderId = untouched[0] ?? decided[0];
  const giveWay = untouched.length > 0 ? decided : decided.slice(1);
  return holderId === undefined || giveWay.length === 0 ? null : { holderId, giveWay };
}

/** The names of one type in one folder, and how far counting has come: ten thousand objects may share a name. */
interface TakenNames {
  readonly keys: Set<string>;
  readonly lastNumber: Map<string, number>;
}

/** The first of `Name (1)`, `Name (2)`, … that is not taken; it is taken from then on. */
function takeFreeName(name: string, taken: TakenNames): string {
  let number = (taken.lastNumber.get(nameKey(name)) ?? 0) + 1;
  while (taken.keys.has(nameKey(`${name} (${number})`))) number += 1;
  taken.lastNumber.set(nameKey(name), number);
  const free = `${name} (${number})`;
  taken.keys.add(nameKey(free));
  return free;
}

const folderOf = (clash: NameClash): string => `${clash.parentId} ${clash.type}`;

function collectTakenNames(clashes: readonly NameClash[]): Map<string, TakenNames> {
  const byFolder = new Map<string, TakenNames>();
  for (const clash of clashes) {
    const taken = byFolder.get(folderOf(clash)) ?? { keys: new Set(), lastNumber: new Map() };
    for (const sibling of [clash.name, ...clash.siblingNames]) taken.keys.add(nameKey(sibling));
    byFolder.set(folderOf(clash), taken);
  }
  return byFolder;
}

/**
 * Solves name clashes (decision 11). Another id is never overwritten: an object that was there keeps its name, of
 * incoming ones the smallest id does, the others become `Name (1)`, `Name (2)`, … with a warning each. Under the policy
 * `fail` each of them is a blocking issue instead. Give all clashes of an import in one call, so that new names do not
 * clash with each other; their order does not matter.
 */
export function resolveNameClashes(clashes: readonly NameClash[], policy: NameClashPolicy): NameClashResolution {
  const takenByFolder = collectTakenNames(clashes);
  const renames: { id: string; name: string }[] = [];
  const issues: Issue[] = [];
  for (const clash of clashes.toSorted(compareClashes)) {
    const taken = takenByFolder.get(folderOf(clash));
    const split = splitClash(clash);
    if (taken === undefined || split === null) continue;
    for (const id of split.giveWay) {
      const object: ObjRef = { id, type: clash.type, name: clash.name };
      if (policy === 'fail') {
        const { parentId } = clash;
        issues.push({ type: 'name-clash', severity: 'blocking', object, parentId, holderId: split.holderId });
        continue;
      }
      const newName = takeFreeName(clash.name, taken);
      renames.push({ id, name: newName });
      issues.push({ type: 'renamed', severity: 'warning', object, newName });
    }
  }
  return { renames, issues: issues.toSorted(compareIssues) };
}

/** Login names are one name when they differ only in case or in how their characters are composed. */
export const loginKey = (username: string): string => username.normalize('NFC').toLowerCase();

/** A user as it would be after the import; `decided` for one that the import writes. */
export interface LoginName extends ObjRef {
  readonly login: string;
  readonly decided: boolean;
}

/** The users that would share a login name; those without one log in by no name. */
export function findLoginClashes(users: readonly LoginName[]): LoginNameClash[] {
  const written = new Set(
    users.filter((user) => user.decided && user.login !== '').map(({ login }) => loginKey(login)),
  );
  const clashing = Map.groupBy(
    users.filter(({ login }) => login !== '' && written.has(loginKey(login))),
    ({ login }) => loginKey(login),
  );
  return [...clashing.values()]
    .filter((members) => members.length > 1)
    .map((members) => ({ loginName: members.find(({ decided }) => decided)?.login ?? '', users: members }));
}

/** Users that would have one login name after the import (compared by `loginKey`). */
export interface LoginNameClash {
  readonly loginName: string;
  readonly users: readonly (ObjRef & { readonly decided: boolean })[];
}

const toRef = ({ id, type, name }: ObjRef): ObjRef => ({ id, type, name });

/** A login name opens one account only: a clash always stops the import, whatever the policy for names is. */
export function checkLoginNames(clashes: readonly LoginNameClash[]): BlockingIssue[] {
  const issues: BlockingIssue[] = [];
  for (const { loginName, users } of clashes) {
    const ordered = users.toSorted((a, b) => Number(a.decided) - Number(b.decided) || compareText(a.id, b.id));
    const [holder, ...others] = ordered;
    for (const user of others) {
      if (holder === undefined || !user.decided) continue;
      issues.push({
        type: 'login-name-clash',
        severity: 'blocking',
        object: toRef(user),
        loginName,
        holder: toRef(holder),
      });
    }
  }
  return issues.toSorted(compareIssues);
}
