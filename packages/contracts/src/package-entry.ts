import { CONFLICT_ACTIONS, ENTRY_ROLES, isObjectId, type PackageEntry } from '@longshore/domain';

/**
 * The header line of an object in a package file (docs/package-format.md), as a table of what each field may hold. It is not
 * a schema, because the thread that checks packages would load the library of schemas for this one: a quarter of a second
 * and 11 MB (docs/adr/0023). A test holds it to the schema.
 */

type Check = (value: unknown) => boolean;

const MAX_NAME = 4_000;
const WIRE_DATE_OR_EMPTY = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000)?$/;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const integer: Check = (value) => Number.isInteger(value);
const id: Check = (value) => typeof value === 'string' && isObjectId(value);
const date: Check = (value) => typeof value === 'string' && WIRE_DATE_OR_EMPTY.test(value);
const name: Check = (value) =>
  typeof value === 'string' &&
  (value.length <= MAX_NAME || (value.length <= 2 * MAX_NAME && Array.from(value).length <= MAX_NAME));
const integerUpTo =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

function oneOf(values: readonly string[]): Check {
  const known = new Set<unknown>(values);
  return (value) => known.has(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  const list = Object.entries(checks);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const record = value as Readonly<Record<string, unknown>>;
    for (const [field, check] of list) if (!check(record[field])) return false;
    return true;
  };
}

const isPackageEntry = fields({
  role: oneOf(ENTRY_ROLES),
  action: oneOf(CONFLICT_ACTIONS),
  absent: flag,
  id,
  type: integerUpTo(1, 255),
  subtype: integerUpTo(0, 65_535),
  name,
  description: text,
  abbreviation: text,
  parentId: orNull(id),
  ownerId: id,
  version: id,
  dateCreated: date,
  dateModified: date,
  hidden: flag,
  acl: listOf(fields({ trusteeId: id, rights: integerUpTo(0, 255), deny: flag, inheritable: flag })),
  references: listOf(fields({ id, type: orNull(integer), name: optional(text) })),
  bodyHash: text,
  contactsHash: orNull(text),
  translations: text,
  uses: text,
} satisfies Record<keyof PackageEntry, Check>);

/** Reads a header line; `undefined` when it is not one. */
export function parsePackageEntry(line: string): PackageEntry | undefined {
  const value = parseJson(line);
  return isPackageEntry(value) ? (value as PackageEntry) : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
