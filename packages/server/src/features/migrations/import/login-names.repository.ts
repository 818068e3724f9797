import type { LoginName } from '@longshore/domain';
import { queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** The name by which a user logs in: that of the definition, and the abbreviation only where it has none. */
const loginOf = (object: string, body: string): string =>
  `COALESCE(NULLIF(CAST(json_extract(${body}.definition, '$.username') AS TEXT), ''), ${object}.abbreviation)`;

/** Users that are written, under the ids that they get, and those of the target that stay as they are. */
interface Sides {
  /** Gives id, type, name and login of each. */
  readonly written: string;
  /** Says of the object `o` that it will be there, not rewritten. */
  readonly stays: string;
}

const IMPORT: Sides = {
  written: `
    SELECT COALESCE(d.new_id, d.id) AS id, d.type, d.name, ${loginOf('s', 'b')} AS login
    FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position
      JOIN temp.staged_body b ON b.position = d.position
    WHERE d.outcome IN ('create', 'replace', 'duplicate') AND s.subtype = 8704`,
  stays: `NOT EXISTS (SELECT 1 FROM temp.decision x WHERE x.id = o.id AND x.outcome IN ('delete', 'replace'))`,
};

const UNDO: Sides = {
  written: `
    SELECT u.id, u.type, u.name, ${loginOf('u', 'b')} AS login
    FROM temp.undo_object u JOIN temp.undo_body b ON b.id = u.id WHERE u.subtype = 8704`,
  stays: `NOT EXISTS (SELECT 1 FROM temp.undo_step x WHERE x.id = o.id AND x.kept = 0)`,
};

const STAYING = (stays: string): string => `
  SELECT o.id, o.type, o.name, ${loginOf('o', 'b')} AS login
  FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id
  WHERE o.scope = ?1 AND o.subtype = 8704 AND ${stays}`;

type LoginRow = Omit<LoginName, 'decided'>;

/** Who would log in by which name after an import or an undo; nothing is read of the target where no user is written. */
export function loginNames(db: Executor<MetadataTables>, scope: string) {
  const load = async ({ written, stays }: Sides): Promise<LoginName[]> => {
    const added = await queryText<LoginRow, MetadataTables>(db, written, []);
    if (added.length === 0) return [];
    const staying = await queryText<LoginRow, MetadataTables>(db, STAYING(stays), [scope]);
    return [...added.map((row) => ({ ...row, decided: true })), ...staying.map((row) => ({ ...row, decided: false }))];
  };
  return { ofImport: () => load(IMPORT), ofUndo: () => load(UNDO) };
}
