import type { Outcome } from '../planner/plan-types.ts';
import type { AclOnNew, AclOnReplacing } from '../rules/actions.ts';

/** Whose access control list an object has after an import: `folder` is what its folder gives, `both` a union. */
export const ACL_EFFECTS = ['target', 'package', 'folder', 'both'] as const;
export type AclEffect = (typeof ACL_EFFECTS)[number];

/** What the settings say for an outcome (spec/semantics.md 2.3); entries for unknown trustees are left out in any case. */
export function aclEffectOf(
  outcome: Outcome,
  settings: {
    readonly aclOnReplacingObjects?: AclOnReplacing | null;
    readonly aclOnNewObjects: readonly AclOnNew[];
  },
): AclEffect {
  if (outcome === 'create' || outcome === 'duplicate') {
    if (!settings.aclOnNewObjects.includes('inherit_acl_as_dest_folder')) return 'package';
    return settings.aclOnNewObjects.includes('keep_acl_as_source_object') ? 'both' : 'folder';
  }
  if (outcome !== 'replace') return 'target';
  if (settings.aclOnReplacingObjects === 'replace') return 'package';
  return settings.aclOnReplacingObjects === 'keep_both' ? 'both' : 'target';
}
