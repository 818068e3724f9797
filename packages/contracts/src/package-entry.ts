import { CONFLICT_ACTIONS, ENTRY_ROLES, isObjectId, type PackageEntry } from '@longshore/domain';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Id = Type.Refine(Type.String(), isObjectId);
const WireDateOrEmpty = Type.String({ pattern: '^(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\+0000)?$' });

/** The header line of an object in a package file (docs/package-format.md). */
export const PackageEntrySchema = Type.Object({
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
});

const validator = Compile(PackageEntrySchema);

/** Reads a header line; `undefined` when it is not one. */
export function parsePackageEntry(line: string): PackageEntry | undefined {
  const value = parseJson(line);
  return validator.Check(value) ? value : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
