import { CompiledQuery, type DatabaseConnection } from 'kysely';

/** Tables that grow with a project, or with what is done to it. */
const GROWING: ReadonlySet<string> = new Set(['object', 'object_body', 'object_reference', 'journal_entry', 'acl']);

/** A range of an index that is a whole project; of these tables, only that of references has its rows in its key. */
const WHOLE_SCOPE = /(PRIMARY KEY|sqlite_autoindex_object(?:_body)?_1|object_by_\w+) \(scope=\?\)/;

interface Instruction {
  readonly opcode: string;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
}

/**
 * What SQLite would walk through from end to end to carry out a statement: growing tables, or their part of a project.
 * Found in how it has planned the statement, not by the time it takes.
 */
export async function walkedTables(connection: DatabaseConnection, text: string): Promise<string[]> {
  const query = async <Row>(sql: string): Promise<Row[]> =>
    (await connection.executeQuery<Row>(CompiledQuery.raw(sql))).rows;
  const instructions = await query<Instruction>(`EXPLAIN ${text}`);
  const plan = await query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`);
  const trees = await query<{ root: number; table: string }>(
    `SELECT rootpage AS root, tbl_name AS "table" FROM main.sqlite_schema WHERE rootpage > 0`,
  );
  const scopes = plan.map(({ detail }) => detail).filter((detail) => WHOLE_SCOPE.test(detail));
  return [...readFromTheirStart(instructions, new Map(trees.map(({ root, table }) => [root, table]))), ...scopes];
}

function readFromTheirStart(instructions: readonly Instruction[], tableOfTree: ReadonlyMap<number, string>): string[] {
  const cursors = new Map<number, string>();
  const walked: string[] = [];
  for (const { opcode, p1: cursor, p2: root, p3: database } of instructions) {
    if (opcode.startsWith('Open')) cursors.delete(cursor);
    const table = tableOfTree.get(root);
    if ((opcode === 'OpenRead' || opcode === 'OpenWrite') && database === 0 && table) cursors.set(cursor, table);
    const opened = cursors.get(cursor);
    if ((opcode === 'Rewind' || opcode === 'Last') && opened && GROWING.has(opened)) walked.push(opened);
  }
  return walked;
}
