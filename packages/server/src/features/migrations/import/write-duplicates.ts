import { canonicalJson, referencesOf, repointReferences, type JsonObject, type Reference } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { contactsHash } from '../../objects/object-rows.ts';
import { duplicates, type Duplicate, type DuplicateRow } from './duplicates.repository.ts';

/**
 * Writes the copies that keep_both makes. References among copies of the same import lead to the copies, all others
 * stay (spec/semantics.md 2.3).
 */
export async function writeDuplicates(tx: Executor<MetadataTables>, scope: string): Promise<void> {
  const repository = duplicates(tx);
  const newIds = await repository.loadNewIds();
  for (const id of newIds.keys()) await repository.insert(duplicate(await repository.find(id), scope, newIds));
}

function duplicate(found: DuplicateRow, scope: string, newIds: ReadonlyMap<string, string>): Duplicate {
  const { definition: original, uses: originalUses, translations, ...row } = found;
  const body = repointReferences(
    { definition: JSON.parse(original) as JsonObject, uses: JSON.parse(originalUses) as Reference[] },
    newIds,
  );
  const definition = canonicalJson(body.definition);
  const uses = canonicalJson(body.uses.map((use) => ({ id: use.id, type: use.type })));
  return {
    row: {
      ...row,
      scope,
      body_hash: bodyHash(definition, translations, uses),
      contacts_hash: contactsHash(row.subtype, body.definition),
    },
    body: { scope, id: row.id, definition, translations, uses },
    references: referencesOf({ id: row.id, type: row.type, ...body }),
  };
}
