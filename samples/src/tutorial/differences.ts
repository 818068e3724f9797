import { aclText, canonicalJson } from '@longshore/domain';
import type { DraftObject } from './project-draft.ts';

/** How an object of the sample differs between `dev` and `prod`, seen from a migration from dev to prod. */
export const DIFFERENCE_KINDS = [
  'only in dev',
  'only in prod',
  'older in prod',
  'newer in prod',
  'other version of the same time',
  'moved',
  'other contacts',
  'other ACL',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  readonly dev: DraftObject | undefined;
  readonly prod: DraftObject | undefined;
}

function versionDifference(dev: DraftObject, prod: DraftObject): DifferenceKind {
  if (dev.dateModified === prod.dateModified) return 'other version of the same time';
  return prod.dateModified < dev.dateModified ? 'older in prod' : 'newer in prod';
}

function kindOf(dev: DraftObject, prod: DraftObject): DifferenceKind | undefined {
  if (dev.version !== prod.version) return versionDifference(dev, prod);
  if (dev.parentId !== prod.parentId) return 'moved';
  if (canonicalJson(dev.definition) !== canonicalJson(prod.definition)) return 'other contacts';
  return aclText(dev.acl) === aclText(prod.acl) ? undefined : 'other ACL';
}

/** All differences between two states, by kind, then in the order of the files. */
export function differencesBetween(dev: readonly DraftObject[], prod: readonly DraftObject[]): Difference[] {
  const prodById = new Map(prod.map((object) => [object.id, object]));
  const devIds = new Set(dev.map((object) => object.id));
  const found: Difference[] = [];
  for (const object of dev) {
    const other = prodById.get(object.id);
    const kind = other === undefined ? 'only in dev' : kindOf(object, other);
    if (kind !== undefined) found.push({ kind, dev: object, prod: other });
  }
  for (const object of prod) {
    if (!devIds.has(object.id)) found.push({ kind: 'only in prod', dev: undefined, prod: object });
  }
  return found.toSorted((a, b) => DIFFERENCE_KINDS.indexOf(a.kind) - DIFFERENCE_KINDS.indexOf(b.kind));
}
