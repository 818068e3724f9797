import type { AclOnNew, AclOnReplacing, ConflictAction, SchemaUpdate } from '@longshore/domain';

/** Rules named by what they do; the API's own word stands beneath. */
export const rules = {
  actions: {
    use_existing: 'Keep the target’s version',
    replace: 'Replace with the package’s version',
    keep_both: 'Keep both, as two objects',
    use_newer: 'Take the newer one',
    use_older: 'Take the older one',
    force_replace: 'Replace, even where equal',
    delete: 'Delete from the target',
  } satisfies Record<ConflictAction, string>,
  aclOnReplacing: {
    use_existing: 'Keep the target’s access list',
    replace: 'Take the package’s access list',
    keep_both: 'Merge both access lists',
  } satisfies Record<AclOnReplacing, string>,
  aclOnNew: {
    keep_acl_as_source_object: 'Keep the access list of the source',
    inherit_acl_as_dest_folder: 'Inherit from the target folder',
  } satisfies Record<AclOnNew, string>,
  schemaUpdates: {
    recal_table_logical_size: 'Recalculate logical table sizes',
    recal_table_keys_fact_entry_level: 'Recalculate table keys and fact levels',
    update_schema_logical_info: 'Update logical schema information',
  } satisfies Record<SchemaUpdate, string>,
  withApiName: (text: string, api: string) => `${text} – ${api}`,
} as const;
