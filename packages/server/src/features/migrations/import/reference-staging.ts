import type { Cell, InsertRows } from '../../../platform/db/insert-text.ts';
import { newRows, UNLESS_THERE } from '../new-rows.ts';
import { HeldTwice } from './held-twice.ts';
import type { NeededObjects } from './needed-objects.ts';
import { PackageIds } from './package-ids.ts';

/**
 * Makes the tables where the references of entries are kept until they are written, in one of two schemas: that of
 * temporary tables, or that of a scratch database, which another thread fills. Statements name them without either. `staged_need`
 * has, of what references lead to, at least all that the package does not hold; `staged_name` has names of such objects.
 */
export const referenceTables = (schema: string): readonly string[] => [
  `CREATE TABLE ${schema}.staged_reference (
     position INTEGER NOT NULL, to_id TEXT NOT NULL, to_type INTEGER, PRIMARY KEY (position, to_id)) WITHOUT ROWID`,
  `CREATE TABLE ${schema}.staged_need (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID`,
  `CREATE TABLE ${schema}.staged_name (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL)`,
];

export const STAGED_REFERENCE = { table: 'staged_reference', columns: ['position', 'to_id', 'to_type'] } as const;
export const STAGED_NEED = { table: 'staged_need', columns: ['id'], onConflict: UNLESS_THERE } as const;
export const STAGED_NAME = { table: 'staged_name', columns: ['id', 'name'], onConflict: UNLESS_THERE } as const;

/** Stages what the entries of one package refer to. */
export interface ReferenceStaging {
  /**
   * Of the next entries of the package.
   * @throws HeldTwice, and what the database says of an entry that names an object twice; or, where another thread does it,
   * `AppError` of both, which may be of entries before
   */
  add(needed: NeededObjects): Promise<void>;
  /** After the last entry; only then are the tables complete. */
  finish(): Promise<void>;
}

/** Stages references by inserting rows in one place or the other. */
export function referenceStaging(insert: InsertRows): ReferenceStaging {
  const ids = new PackageIds();
  const knownNames = new Set<string>();
  return {
    async add(needed) {
      const twice = ids.hold(needed.held);
      if (twice !== undefined) throw new HeldTwice(twice);
      ids.need(needed.ids);
      await insert(STAGED_REFERENCE, referenceRows(needed));
      await insert(STAGED_NAME, newRows(needed.names, knownNames));
    },
    async finish() {
      for (const part of ids.outside()) await insert(STAGED_NEED, part);
    },
  };
}

/** Rows of `STAGED_REFERENCE`. */
export const referenceRows = ({ positions, ids, types }: NeededObjects): Cell[][] =>
  ids.map((id, at) => [positions[at] ?? 0, id, nullable(types[at])]);

const nullable = (type: number | undefined): number | null => (type === undefined || Number.isNaN(type) ? null : type);
