import { canonicalJson, referencesOf, repointReferences, type JsonObject, type Reference } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { contactsHash } from '../../objects/object-rows.ts';
import { insertRows } from '../../../platform/db/bulk.ts';
import { duplicates } from './duplicates.repository.ts';

/**
 * Writes the copies that keep_both makes. References among copies of the same import lead to the copies, all others
 * stay (spec/semantics.md 2.3).
 */
export async function writeDuplicates(tx: Executor<MetadataTables>, scope: string): Promise<void> {
  const newIds = await duplicates(tx, scope).loadNewIds();
  for (const id of newIds.keys()) await writeDuplicate(tx, scope, { id, newIds });
}

async function writeDuplicate(
  tx: Executor<MetadataTables>,
  scope: string,
  copy: { id: string; newIds: ReadonlyMap<string, string> },
): Promise<void> {
  const repository = duplicates(tx, scope);
  const row = await repository.find(copy.id);
  const body = repointReferences(
    { definition: JSON.parse(row.definition) as JsonObject, uses: JSON.parse(row.uses) as Reference[] },
    copy.newIds,
  );
  const definition = canonicalJson(body.definition);
  const uses = canonicalJson(body.uses.map((use) => ({ id: use.id, type: use.type })));
  const hash = bodyHash(definition, row.translations, uses);
  await insertRows(tx, { table: 'object', columns: OBJECT_COLUMNS }, [
    [
      scope,
      row.newId,
      row.type,
      row.subtype,
      row.name,
      row.description,
      row.abbreviation,
      row.parentId,
      row.ownerId,
      row.newVersion,
      row.date,
      row.date,
      row.hidden,
      row.aclId,
      hash,
      contactsHash(row.subtype, body.definition),
    ],
  ]);
  await insertRows(tx, { table: 'object_body', columns: ['scope', 'id', 'definition', 'translations', 'uses'] }, [
    [scope, row.newId, definition, row.translations, uses],
  ]);
  const references = referencesOf({ id: row.newId, type: row.type, ...body });
  await repository.insertReferences(references.map((r) => [row.newId, r.id, r.type] as const));
}

const OBJECT_COLUMNS = [
  'scope',
  'id',
  'type',
  'subtype',
  'name',
  'description',
  'abbreviation',
  'parent_id',
  'owner_id',
  'version',
  'date_created',
  'date_modified',
  'hidden',
  'acl_id',
  'body_hash',
  'contacts_hash',
];
