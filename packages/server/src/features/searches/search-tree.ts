import type { ObjectSummary, SearchTreeNode } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Accessor, ObjectAccess } from '../objects/object-access.service.ts';
import { objectReader } from '../objects/objects.repository.ts';

interface MutableNode extends SearchTreeNode {
  readonly children: MutableNode[];
}

/** Found objects, and who is shown them. */
export interface FoundObjects {
  readonly access: ObjectAccess;
  readonly accessor: Accessor;
  readonly scope: string;
  readonly objects: readonly ObjectSummary[];
}

/**
 * The found objects under the folders in which they lie; folders that hold none of them are left out. A folder that
 * the accessor may not browse has no name there.
 */
export async function buildSearchTree(
  db: Executor<MetadataTables>,
  { access, accessor, scope, objects }: FoundObjects,
): Promise<SearchTreeNode[]> {
  const rows = await loadWithFolders(
    db,
    scope,
    objects.map((object) => object.id),
  );
  const isShown = await access.visibility(db, accessor, [...rows.values()]);
  const nodes = new Map<string, MutableNode>();
  for (const row of rows.values()) {
    const { id, type, subtype } = row;
    nodes.set(id, { id, name: isShown(row) ? row.name : '', type, subtype, children: [] });
  }
  const roots: MutableNode[] = [];
  for (const node of [...nodes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const parent = nodes.get(rows.get(node.id)?.parent_id ?? '');
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

async function loadWithFolders(
  db: Executor<MetadataTables>,
  scope: string,
  ids: readonly string[],
): Promise<Map<string, ObjectTable>> {
  const rows = new Map<string, ObjectTable>();
  let missing: string[] = [...ids];
  while (missing.length > 0) {
    const loaded = await objectReader(db).loadRows(scope, missing);
    for (const row of loaded) rows.set(row.id, row);
    missing = [...new Set(loaded.flatMap((row) => row.parent_id ?? []))].filter((id) => !rows.has(id));
  }
  return rows;
}
