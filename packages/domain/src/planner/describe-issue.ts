import { USER_TYPE, findObjectType } from '../objects/types.ts';
import { compareIssues } from './issues.ts';
import type { Issue, MissingRef, ObjRef } from './issues.ts';

/** Users and groups share a type, and an issue does not say which of the two it means. */
const typeName = (type: number): string =>
  type === USER_TYPE ? 'user or group' : (findObjectType(type)?.name.toLowerCase() ?? `object of type ${type}`);

/** `metric 'Profit' (4C05…)`, or without the name where it is not known. */
const nameOf = (object: ObjRef): string =>
  object.name === ''
    ? `${typeName(object.type)} ${object.id}`
    : `${typeName(object.type)} '${object.name}' (${object.id})`;

const linkedName = ({ id, type, name = '' }: MissingRef): string =>
  type !== null ? nameOf({ id, type, name }) : name === '' ? `object ${id}` : `object '${name}' (${id})`;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const objects = (count: number): string => (count === 1 ? '1 object' : `${count} objects`);

type Describe = { readonly [T in Issue['type']]: (issue: Extract<Issue, { type: T }>) => string };

const CHANGES = {
  edited: 'was edited after the import',
  deleted: 'was deleted after the import',
  recreated: 'was made again after the import deleted it',
} as const;

const UNDO_EFFECTS = {
  restores: 'The undo brings it back as it was before the import.',
  deletes: 'The undo deletes it.',
  nothing: 'The undo has nothing to do for it.',
} as const;

const DESCRIBE: Describe = {
  'type-mismatch': ({ object, existing }) =>
    `The ${nameOf(object)} has the id of the ${nameOf(existing)} on the target. ` +
    'Two objects cannot share an id: take it out of the package, or delete the one on the target.',
  'protected-object': ({ object }) =>
    `The ${nameOf(object)} is a system object or the importing user and is never deleted. Take its delete rule out of the package.`,
  'missing-principal': ({ object }) =>
    `The ${nameOf(object)} is not on the target. A project security package brings links only: ` +
    'import it first, in a configuration package.',
  'missing-link-target': ({ object, missing }) =>
    `The ${nameOf(object)} is linked with the ${linkedName(missing)}, which the target does not have. ` +
    'A project security package brings links only: import what they lead to first.',
  'missing-dependency': ({ object, missing }) =>
    `The ${nameOf(object)} needs the ${linkedName(missing)}, ` +
    'which the target would not have. Add it to the package (includeDependents), or import it first.',
  'used-delete': ({ object, user }) =>
    `The ${nameOf(object)} cannot be deleted, because the ${nameOf(user)} uses it. ` +
    'Delete or change that one in the same package, or take the delete rule out.',
  'missing-parent': ({ object, parentId }) =>
    `The folder ${parentId} of the ${nameOf(object)} would not be on the target. Add the folder to the package, or create it first.`,
  'folder-not-empty': ({ object, child }) =>
    `The ${nameOf(object)} cannot be deleted, because it holds the ${nameOf(child)}. ` +
    'Delete or move what it holds in the same package, or take the delete rule out.',
  'folder-cycle': ({ object }) =>
    `The ${nameOf(object)} would lie in a circle of folders, from which no way leads up. ` +
    'Add the folders that hold it to the package as well, and see that the source does not nest them in a circle itself.',
  'name-clash': ({ object, holderId }) =>
    `The name of the ${nameOf(object)} is taken in its folder by the object ${holderId}. ` +
    'Rename one of the two, or let the server rename on name clashes.',
  'login-name-clash': ({ object, loginName, holder }) =>
    `The login name '${loginName}' of the ${nameOf(object)} belongs to the ${nameOf(holder)} too. ` +
    'Change the login name of one of the two.',
  'created-object-in-use': ({ object, user }) =>
    `The ${nameOf(object)} was made by the import and cannot be taken away, because the ${nameOf(user)} uses it now. ` +
    'Delete or change that one, then undo again.',
  'restored-need-missing': ({ object, missing }) =>
    `The ${nameOf(object)} would come back, but not the ${linkedName(missing)} that it needs. ` +
    'Bring that one back, for example in a package of its own, then undo again.',
  'restored-folder-missing': ({ object, parentId }) =>
    `The ${nameOf(object)} would come back, but not the folder ${parentId} in which it was. ` +
    'Bring that folder back, for example in a package of its own, then undo again.',
  'restored-folder-cycle': ({ object, holder }) =>
    `The ${nameOf(object)} would lie inside itself, because the undo puts it back into the ${nameOf(holder)}, ` +
    'which has come to lie below it. Move that one elsewhere, then undo again.',
  'restored-name-taken': ({ object, holder, folder }) =>
    `The ${nameOf(object)} would come back ${folder ? `into the ${nameOf(folder)}, where` : 'while'} ` +
    `the ${nameOf(holder)} has its name now. ${folder ? 'Rename or move' : 'Rename'} that one, then undo again.`,
  'missing-trustee': ({ trusteeId, objectCount, object }) =>
    `The user or group ${trusteeId} is not on the target: its access entries were left out of ${objects(objectCount)}, ` +
    `such as the ${nameOf(object)}. Import it first, or add the entries by hand.`,
  'dangling-reference': ({ object, missing, objectCount }) =>
    `The ${linkedName(missing)} is not on the target, but ` +
    `${objects(objectCount)}, such as the ${nameOf(object)}, ${objectCount === 1 ? 'needs' : 'need'} it. ` +
    'Import it, or change them.',
  'link-left-out': ({ object, missing }) =>
    `The ${nameOf(object)} is linked with the ${linkedName(missing)}, which the target does not have; the link was left out.`,
  'missing-owner': ({ ownerId, objectCount, object }) =>
    `The owner ${ownerId} is not on the target: ${objects(objectCount)}, such as the ${nameOf(object)}, ` +
    'went to the importing user or stayed with the owner so far. Import the user first, or set the owner by hand.',
  renamed: ({ object, newName }) =>
    `The name of the ${nameOf(object)} was taken in its folder; it was imported as '${newName}'. Rename it if need be.`,
  'changed-since-import': ({ object, change, undo }) =>
    `The ${nameOf(object)} ${CHANGES[change]}. ${UNDO_EFFECTS[undo]}`,
  'created-folder-kept': ({ object }) =>
    `The ${nameOf(object)} was made by the import but holds other objects now, and stays. Delete it by hand once it is empty.`,
};

/** One or two sentences: which object, what is wrong, what to do next. */
export function describeIssue(issue: Issue): string {
  const describe = DESCRIBE[issue.type] as (issue: Issue) => string;
  return capitalised(describe(issue));
}

/** The message of a record: the first `max` issues in their fixed order, and how many more there are. Empty for none. */
export function summariseIssues(issues: readonly Issue[], max = 20): string {
  const shown = issues.toSorted(compareIssues).slice(0, max).map(describeIssue);
  const rest = issues.length - shown.length;
  if (rest > 0) shown.push(`${rest === 1 ? '1 more issue' : `${rest} more issues`} of this kind or another.`);
  return shown.join('\n');
}

/** Why a successful import has no undo package (decision 3). */
export function describeSuppressedUndo(entryCount: number): string {
  return (
    `No undo package was made, because the rule keep_both is in force for ${objects(entryCount)} of the package. ` +
    'Use another rule for them to be able to undo.'
  );
}
