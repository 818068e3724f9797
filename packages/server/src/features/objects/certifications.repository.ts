import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';

/** Writes which version of an object is certified. */
export function certifications(tx: Executor<MetadataTables>) {
  return {
    async put(object: ObjectTable, by: { id: string; name: string; date: string }): Promise<void> {
      const row = {
        scope: object.scope,
        object_id: object.id,
        version: object.version,
        user_id: by.id,
        user_name: by.name,
        date: by.date,
      };
      await putRow(tx, { table: 'certification', key: ['scope', 'object_id'] }, row);
    },

    async remove(object: ObjectTable): Promise<void> {
      await tx
        .deleteFrom('certification')
        .where('scope', '=', object.scope)
        .where('object_id', '=', object.id)
        .execute();
    },
  };
}
