import { ACL_OPERATIONS, AppError, type AclOperation, type AclOperationName } from '@longshore/contracts';
import { canonicalAcl, parseObjectId, RIGHTS, type AclEntry } from '@longshore/domain';

/** Marks an inheritable entry in the rights mask of older clients. */
const INHERITABLE_BIT = 0x20000000;

/** One change of an access control list, checked. */
export interface AclChange {
  readonly op: AclOperationName;
  readonly entry: AclEntry;
}

/** @throws AppError `invalid` for an unknown operation, a trustee that is no id, or rights that are none */
export function parseAclOperations(operations: readonly AclOperation[]): AclChange[] {
  return operations.map((operation) => {
    const op = ACL_OPERATIONS.find((name) => name === operation.op.toUpperCase());
    if (op === undefined) {
      throw new AppError('invalid', `Invalid value: acl.op must be one of ${ACL_OPERATIONS.join(', ')}.`);
    }
    const trusteeId = parseObjectId(operation.trustee);
    if (trusteeId === undefined) {
      throw new AppError('invalid', `Invalid value: acl.trustee must be an id of 32 hex digits.`);
    }
    if ((operation.rights & ~(RIGHTS.full | INHERITABLE_BIT)) !== 0) {
      throw new AppError('invalid', `Invalid value: acl.rights must be between 0 and ${RIGHTS.full}.`);
    }
    const inheritable = operation.inheritable ?? (operation.rights & INHERITABLE_BIT) !== 0;
    return {
      op,
      entry: { trusteeId, rights: operation.rights & RIGHTS.full, deny: operation.denied ?? false, inheritable },
    };
  });
}

/**
 * ADD joins rights to the entry of the same trustee, kind and inheritance, REMOVE takes them out of it, REPLACE puts
 * them in its place. An entry without rights is gone.
 */
export function applyAclChanges(acl: readonly AclEntry[], changes: readonly AclChange[]): AclEntry[] {
  let entries = canonicalAcl(acl);
  for (const { op, entry } of changes) {
    const existing = entries.find((known) => isSameEntry(known, entry));
    const others = entries.filter((known) => known !== existing);
    entries = canonicalAcl([...others, { ...entry, rights: changedRights(op, existing?.rights ?? 0, entry.rights) }]);
  }
  return entries;
}

const isSameEntry = (a: AclEntry, b: AclEntry): boolean =>
  a.trusteeId === b.trusteeId && a.deny === b.deny && a.inheritable === b.inheritable;

function changedRights(op: AclOperationName, before: number, rights: number): number {
  if (op === 'ADD') return before | rights;
  return op === 'REMOVE' ? before & ~rights : rights;
}

/** The changes of a folder's inheritable entries as they reach what lies in it. */
export function inheritedChanges(changes: readonly AclChange[], isFolder: boolean): AclChange[] {
  const passedOn = changes.filter(({ entry }) => entry.inheritable);
  const own = passedOn.map(({ op, entry }) => ({ op, entry: { ...entry, inheritable: false } }));
  return isFolder ? [...own, ...passedOn] : own;
}
