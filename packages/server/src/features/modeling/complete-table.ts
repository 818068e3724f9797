import { AppError } from '@longshore/contracts';
import { canonicalJson, parseObjectId, type JsonObject, type JsonValue } from '@longshore/domain';
import type { ModelAuthor } from './model-author.ts';
import { isJsonObject } from './model-definition.ts';
import { COLUMN, PHYSICAL_TABLE } from './model-resources.ts';
import { nameKey, type ModeledObject } from './model-store.ts';

/**
 * Lets the objects behind a logical table follow its definition: the physical table and the columns that it names
 * without an id are looked up, or created where the project has none (spec/semantics.md 1.6: a table uses both).
 * @returns the table's definition with the ids of all of them
 */
export async function completeTable(author: ModelAuthor, table: IncomingTable): Promise<JsonObject> {
  const { definition, before, name } = table;
  const { physicalTable } = definition;
  if (!isJsonObject(physicalTable)) return definition;
  const columns = await completeColumns(author, physicalTable['columns']);
  const { information, ...given } = physicalTable;
  const rest: JsonObject = { ...given, ...(columns === undefined ? {} : { columns }) };
  const content = physicalDefinition(rest, definition['primaryDataSource']);
  const known = isJsonObject(before['physicalTable']) ? before['physicalTable']['information'] : undefined;
  const physical = await writePhysicalTable(author, { information: information ?? known, content, tableName: name });
  return { ...definition, physicalTable: { ...rest, information: physical } };
}

export interface IncomingTable {
  readonly definition: JsonObject;
  /** The table's definition so far: one that is changed keeps its physical table unless it names another. */
  readonly before: JsonObject;
  readonly name: string;
}

interface PhysicalTable {
  readonly information: JsonValue | undefined;
  readonly content: JsonObject;
  readonly tableName: string;
}

/** @returns what the logical table says of its physical table */
async function writePhysicalTable(author: ModelAuthor, table: PhysicalTable): Promise<JsonObject> {
  const { information, content } = table;
  const given = isJsonObject(information) ? information : {};
  const id = referencedId(given);
  const existing = id === undefined ? await findPhysicalTable(author, content) : await author.store.find(id);
  if (existing !== undefined) {
    if (existing.row.type !== PHYSICAL_TABLE.type) return given;
    await author.update(existing, { definition: content });
    return { ...given, ...linkOf(existing) };
  }
  // An id that nothing has is told by the check of references, with its path.
  if (id !== undefined) return given;
  const { type, subtype, folder } = PHYSICAL_TABLE;
  const draft = {
    type,
    subtype,
    name: await freeName(author, textOf(content['tableName']) ?? table.tableName),
    description: '',
    folderId: author.folderId(folder),
    information: given,
    definition: content,
  };
  return { ...given, ...linkOf(await author.create(draft)) };
}

/** The physical table of this name, when it is in the same namespace: one warehouse table is one object. */
async function findPhysicalTable(author: ModelAuthor, content: JsonObject): Promise<ModeledObject | undefined> {
  const name = textOf(content['tableName']);
  if (name === undefined) return undefined;
  const id = (await author.store.loadIdsByName(PHYSICAL_TABLE.type, [name])).get(nameKey(name));
  const found = id === undefined ? undefined : await author.store.find(id);
  const isSame = (textOf(found?.object.definition['namespace']) ?? '') === (textOf(content['namespace']) ?? '');
  return isSame ? found : undefined;
}

async function freeName(author: ModelAuthor, name: string): Promise<string> {
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? name : `${name} (${number})`;
    const taken = await author.store.loadIdsByName(PHYSICAL_TABLE.type, [candidate]);
    if (taken.size === 0) return candidate;
  }
}

/** As a physical table is stored: its columns are links, since the columns are objects of their own. */
function physicalDefinition(content: JsonObject, primaryDataSource: JsonValue | undefined): JsonObject {
  const { columns } = content;
  const links = Array.isArray(columns)
    ? columns.map((column) =>
        isJsonObject(column) && isJsonObject(column['information']) ? linkIn(column['information']) : column,
      )
    : undefined;
  return {
    ...content,
    ...(links === undefined ? {} : { columns: links }),
    ...(primaryDataSource === undefined ? {} : { primaryDataSource }),
  };
}

const linkOf = ({ object }: ModeledObject): JsonObject => ({
  objectId: object.id,
  subType: object.type === COLUMN.type ? COLUMN.subTypeName : PHYSICAL_TABLE.subTypeName,
  name: object.name,
});

/** The three members that say what is meant, of an `information` that may say more. */
const linkIn = ({ objectId, subType, name }: JsonObject): JsonObject => ({
  ...(objectId === undefined ? {} : { objectId }),
  ...(subType === undefined ? {} : { subType }),
  ...(name === undefined ? {} : { name }),
});

async function completeColumns(author: ModelAuthor, columns: JsonValue | undefined): Promise<JsonValue[] | undefined> {
  if (!Array.isArray(columns)) return undefined;
  const unnamed = columns.filter(isJsonObject).filter((column) => columnId(column) === undefined);
  const known = new Map(await author.store.loadIdsByName(COLUMN.type, unnamed.map(columnName)));
  const completed: JsonValue[] = [];
  for (const [index, column] of columns.entries()) {
    if (!isJsonObject(column)) {
      throw new AppError('invalid', `Invalid value: physicalTable.columns[${index}] must be an object.`);
    }
    completed.push(columnId(column) === undefined ? await writeColumn(author, column, known) : column);
  }
  return completed;
}

/** A column that the project knows by name is used again, as it is; the ecosystem calls this `reuse_any`. */
async function writeColumn(author: ModelAuthor, column: JsonObject, known: Map<string, string>): Promise<JsonObject> {
  const name = columnName(column);
  const id = known.get(nameKey(name));
  const existing = id === undefined ? undefined : await author.store.find(id);
  const { information, ...content } = column;
  const given = isJsonObject(information) ? information : {};
  if (existing) return { ...column, information: { ...given, ...linkOf(existing) } };
  const created = await author.create({
    type: COLUMN.type,
    subtype: COLUMN.subtype,
    name,
    description: '',
    folderId: author.folderId(COLUMN.folder),
    information: given,
    definition: content,
  });
  known.set(nameKey(name), created.object.id);
  return { ...column, information: { ...given, ...linkOf(created) } };
}

const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function columnName(column: JsonObject): string {
  const name = textOf(column['columnName']);
  if (name !== undefined) return name;
  throw new AppError(
    'invalid',
    `Invalid value: physicalTable.columns: ${canonicalJson(column).slice(0, 100)} has neither a columnName nor an information.objectId.`,
  );
}

/** The id of a column that is named by its id, as a link or in an `information`. */
function columnId(column: JsonObject): string | undefined {
  return (
    referencedId(column) ?? (isJsonObject(column['information']) ? referencedId(column['information']) : undefined)
  );
}

function referencedId({ objectId }: JsonObject): string | undefined {
  return typeof objectId === 'string' ? (parseObjectId(objectId) ?? objectId) : undefined;
}
