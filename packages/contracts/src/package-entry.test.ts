import { CONFLICT_ACTIONS, ENTRY_ROLES, isObjectId } from '@longshore/domain';
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  jsonValue,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { parsePackageEntry } from './package-entry.ts';

const Id = Type.Refine(Type.String(), isObjectId);
const WireDateOrEmpty = Type.String({ pattern: '^(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\+0000)?$' });

const schema = Compile(
  Type.Object({
    role: Type.Enum(ENTRY_ROLES),
    action: Type.Enum(CONFLICT_ACTIONS),
    absent: Type.Boolean(),
    id: Id,
    type: Type.Integer({ minimum: 1, maximum: 255 }),
    subtype: Type.Integer({ minimum: 0, maximum: 65_535 }),
    name: Type.String({ maxLength: 4_000 }),
    description: Type.String(),
    abbreviation: Type.String(),
    parentId: Type.Union([Id, Type.Null()]),
    ownerId: Id,
    version: Id,
    dateCreated: WireDateOrEmpty,
    dateModified: WireDateOrEmpty,
    hidden: Type.Boolean(),
    acl: Type.Array(
      Type.Object({
        trusteeId: Id,
        rights: Type.Integer({ minimum: 0, maximum: 255 }),
        deny: Type.Boolean(),
        inheritable: Type.Boolean(),
      }),
    ),
    references: Type.Array(
      Type.Object({ id: Id, type: Type.Union([Type.Integer(), Type.Null()]), name: Type.Optional(Type.String()) }),
    ),
    bodyHash: Type.String(),
    contactsHash: Type.Union([Type.String(), Type.Null()]),
    translations: Type.String(),
    uses: Type.String(),
  }),
);

const id = constantFrom('A0'.repeat(16), '54F3D26011D2896560009A8E67019608');
const date = constantFrom('', '2026-03-16T07:38:40.125+0000');
const acl = record({ trusteeId: id, rights: integer({ min: 0, max: 255 }), deny: boolean(), inheritable: boolean() });
const reference = record(
  { id, type: oneof(integer(), constant(null)), name: string() },
  { requiredKeys: ['id', 'type'] },
);
const entry = record({
  role: constantFrom(...ENTRY_ROLES),
  action: constantFrom(...CONFLICT_ACTIONS),
  absent: boolean(),
  id,
  type: integer({ min: 1, max: 255 }),
  subtype: integer({ min: 0, max: 65_535 }),
  name: oneof(string(), constantFrom('n'.repeat(4_000), '𝒩'.repeat(4_000))),
  description: string(),
  abbreviation: string(),
  parentId: oneof(id, constant(null)),
  ownerId: id,
  version: id,
  dateCreated: date,
  dateModified: date,
  hidden: boolean(),
  acl: array(acl, { maxLength: 3 }),
  references: array(reference, { maxLength: 3 }),
  bodyHash: string(),
  contactsHash: oneof(string(), constant(null)),
  translations: string(),
  uses: string(),
});

const wrong = oneof(
  jsonValue(),
  constantFrom(-1, 0, 1, 255, 256, 65_535, 65_536, 1.5, null, [], {}, undefined),
  constantFrom('a0'.repeat(16), 'A0'.repeat(15), '2026-03-16', '2026-03-16T07:38:40.125+0000\n', 'content', 'replace'),
  constantFrom('n'.repeat(4_001), '𝒩'.repeat(4_001)),
);

test('a header line is taken as the schema takes it', () => {
  assert(
    property(entry, (value) => {
      expect(parsePackageEntry(JSON.stringify(value))).toEqual(value);
      expect(schema.Check(value)).toBe(true);
    }),
  );
});

test('a header line with a wrong field is refused as the schema refuses it', () => {
  const fields = constantFrom(...Object.keys(schema.Type().properties));
  assert(
    property(entry, fields, wrong, (value, field, other) => {
      const changed = JSON.parse(JSON.stringify({ ...value, [field]: other })) as unknown;
      expect(parsePackageEntry(JSON.stringify(changed)) !== undefined).toBe(schema.Check(changed));
    }),
    { numRuns: 3_000 },
  );
});

test('so is one with a wrong field in its lists', () => {
  const items = record({ acl, references: reference });
  const place = constantFrom(
    ...['trusteeId', 'rights', 'deny', 'inheritable'].map((field) => ['acl', field] as const),
    ...['id', 'type', 'name'].map((field) => ['references', field] as const),
  );
  assert(
    property(entry, items, tuple(place, wrong), (value, added, [[field, member], other]) => {
      const item = added[field];
      const changed = JSON.parse(
        JSON.stringify({ ...value, [field]: [...value[field], { ...item, [member]: other }] }),
      ) as unknown;
      expect(parsePackageEntry(JSON.stringify(changed)) !== undefined).toBe(schema.Check(changed));
    }),
    { numRuns: 3_000 },
  );
});

test('a line that is another value, or none, is no header', () => {
  const lines = oneof(
    jsonValue().map((value) => JSON.stringify(value)),
    string().map((rest) => `{${rest}`),
  );
  assert(
    property(lines, (line) => {
      expect(parsePackageEntry(line)).toBeUndefined();
    }),
  );
});
