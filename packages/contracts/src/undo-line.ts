import type { UndoRecord } from '@longshore/domain';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Id = Type.String({ pattern: '^[0-9A-F]{32}$' });
const IdOrNull = Type.Union([Id, Type.Null()]);

const StoredHeaderSchema = Type.Object({
  projectId: IdOrNull,
  id: Id,
  type: Type.Integer(),
  subtype: Type.Integer(),
  name: Type.String(),
  description: Type.String(),
  abbreviation: Type.String(),
  parentId: IdOrNull,
  ownerId: Id,
  version: Id,
  dateCreated: Type.String(),
  dateModified: Type.String(),
  hidden: Type.Boolean(),
  acl: Type.String(),
  translations: Type.String(),
  uses: Type.String(),
});

const TableStateSchema = Type.Object({
  tableId: Id,
  logicalSize: Type.Union([Type.Number(), Type.Null()]),
  tableKey: Type.Union([Type.String(), Type.Null()]),
});

/** The header line of one record in an undo package (docs/package-format.md). */
export const UndoLineSchema = Type.Union([
  Type.Object({
    op: Type.Literal('delete'),
    id: Id,
    type: Type.Integer(),
    name: Type.String(),
    version: Id,
    bodyHash: Type.String(),
    danglingFrom: Type.Optional(Type.Array(Id)),
  }),
  Type.Object({
    op: Type.Literal('restore'),
    header: StoredHeaderSchema,
    bodyHash: Type.String(),
    writtenVersion: IdOrNull,
    danglingTo: Type.Optional(Type.Array(Id)),
    namesakes: Type.Optional(Type.Array(Id)),
  }),
  Type.Object({ op: Type.Literal('schema'), tables: Type.Array(TableStateSchema) }),
]);

/** What the schema update had computed for a project's tables before the import. */
export interface SchemaLine {
  readonly op: 'schema';
  readonly tables: readonly TableStateLine[];
}

export interface TableStateLine {
  readonly tableId: string;
  readonly logicalSize: number | null;
  readonly tableKey: string | null;
}

/** One record per object that the import changed, and the tables' state where the import updated the schema. */
export type UndoLine = UndoRecord | SchemaLine;

const validator = Compile(UndoLineSchema);

/** Reads a header line of an undo package; `undefined` when it is not one. */
export function parseUndoLine(line: string): UndoLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return validator.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
