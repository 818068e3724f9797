/** The conflict rules of the seed, as lists from which types and schemas are derived. */

export const CONFLICT_ACTIONS = [
  'use_existing',
  'replace',
  'keep_both',
  'use_newer',
  'use_older',
  'force_replace',
  'delete',
] as const;
export type ConflictAction = (typeof CONFLICT_ACTIONS)[number];

/** The rules that a project merge knows: it never deletes what only the target has (spec/semantics.md 5). */
export const MERGE_ACTIONS = [
  'use_existing',
  'replace',
  'keep_both',
  'use_newer',
  'use_older',
  'force_replace',
] as const satisfies readonly ConflictAction[];
export type MergeAction = (typeof MERGE_ACTIONS)[number];

export const ACL_ON_REPLACING = ['use_existing', 'replace', 'keep_both'] as const;
export type AclOnReplacing = (typeof ACL_ON_REPLACING)[number];

export const ACL_ON_NEW = ['keep_acl_as_source_object', 'inherit_acl_as_dest_folder'] as const;
export type AclOnNew = (typeof ACL_ON_NEW)[number];

export const SCHEMA_UPDATES = [
  'recal_table_logical_size',
  'recal_table_keys_fact_entry_level',
  'update_schema_logical_info',
] as const;
export type SchemaUpdate = (typeof SCHEMA_UPDATES)[number];

export const PACKAGE_TYPES = ['project', 'configuration', 'project_security'] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];
