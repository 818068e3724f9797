import { writeFileSync } from 'node:fs';
import {
  CERTIFICATION_MACHINE,
  CONFLICT_ACTIONS,
  CONFLICT_KINDS,
  DECISION_TABLE,
  IMPORT_MACHINE,
  IMPORT_REQUEST_MACHINE,
  isSchemaType,
  LINK_FIELDS,
  LINK_SUMMARIES,
  MERGE_PRECEDENCE,
  OBJECT_TYPES,
  OPERATION_RULES,
  OPERATIONS,
  PACKAGE_MACHINE,
  PREDEFINED_FOLDERS,
  TRANSLATION_ACTIONS,
  TRANSLATION_SUMMARIES,
  UNDO_REQUEST_MACHINE,
  VALIDATION_MACHINE,
} from '../packages/domain/src/index.ts';
import type { OperationRule, StateMachine, TimedVerdict, Verdict } from '../packages/domain/src/index.ts';

const code = (text: string): string => `\`${text}\``;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const outcomeText = (cell: Verdict | TimedVerdict): string =>
  'outcome' in cell
    ? code(cell.outcome)
    : `${code(cell.whenIncomingIsLater.outcome)} if later, else ${code(cell.otherwise.outcome)}`;

const reasonText = (cell: Verdict | TimedVerdict): string =>
  'outcome' in cell ? cell.reason : `If later: ${cell.whenIncomingIsLater.reason} Else: ${cell.otherwise.reason}`;

const decisionTable = (): string =>
  table(
    ['rule', ...CONFLICT_KINDS],
    CONFLICT_ACTIONS.map((action) => [
      code(action),
      ...CONFLICT_KINDS.map((kind) => outcomeText(DECISION_TABLE[action].cells[kind])),
    ]),
  );

const reasonsOf = (action: (typeof CONFLICT_ACTIONS)[number]): string =>
  [
    `### ${code(action)}`,
    DECISION_TABLE[action].summary,
    table(
      ['conflict', 'outcome', 'reason'],
      CONFLICT_KINDS.map((kind) => {
        const cell = DECISION_TABLE[action].cells[kind];
        return [kind, outcomeText(cell), reasonText(cell)];
      }),
    ),
  ].join('\n\n');

const stateName = (state: string | null): string => (state === null ? 'none' : code(state));

const machineSection = <S extends string>(machine: StateMachine<S>): string =>
  [
    `### ${code(machine.field)}`,
    table(
      ['from', 'to', 'when'],
      machine.transitions.map(({ from, to, trigger }) => [from.map(stateName).join(', '), code(to), trigger]),
    ),
  ].join('\n\n');

const anyOf = (states: readonly (string | null)[] | undefined): string =>
  states === undefined ? 'any' : states.map(stateName).join(', ');

function conditions(rule: OperationRule): string {
  const found: string[] = [];
  if (rule.replicated !== undefined) found.push(rule.replicated ? '`replicated` is true' : 'not on a replica');
  if (rule.notUploaded) found.push('not for uploaded packages');
  if (rule.needsUndo) found.push('an undo package exists, or the import failed');
  if (rule.notWhileValidating) found.push('no validation is running');
  return found.join('; ');
}

const permissionTable = (): string =>
  table(
    ['operation', 'package status', 'import request', 'import status', 'undo request', 'besides'],
    OPERATIONS.map((operation) => {
      const rule = OPERATION_RULES[operation];
      const fields = [rule.packageStatus, rule.importRequestStatus, rule.importStatus, rule.undoRequestStatus];
      return [code(operation), ...fields.map(anyOf), conditions(rule)];
    }),
  );

const typeTable = (): string =>
  table(
    ['type', 'name', 'level', 'kind', 'packages', 'subtypes'],
    OBJECT_TYPES.map((type) => [
      String(type.number),
      `${type.name} (${code(type.apiName)})`,
      type.level,
      isSchemaType(type.number) ? 'schema' : type.category,
      type.packable.join(', ') || '-',
      type.subtypes
        .map(({ number, name }) =>
          type.unpackableSubtypes.includes(number) ? `${number} ${name} (never packed)` : `${number} ${name}`,
        )
        .join(', '),
    ]),
  );

const folderTable = (): string =>
  table(
    ['number', 'name', 'in', 'level', 'id'],
    PREDEFINED_FOLDERS.map(({ number, name, parent, level, id }) => [
      String(number),
      name,
      parent === null ? '-' : String(parent),
      level,
      code(id),
    ]),
  );

/** What is not a table: the rules about folders, access and names, each with the place where the code is. */
const PROSE = {
  intro: `# Rules

Rendered from the tables in \`packages/domain\` by \`node scripts/render-rules.ts\`; a test compares the two. Change the
tables, not this page.

An import looks at every object of a package and at the object with the same id on the target, anywhere in the project
(or the configuration). Names play no part in this. The rule that was fixed when the package was made, and the kind of
conflict, give the outcome.`,
  conflicts: `## Conflicts

| kind | meaning |
| --- | --- |
| NEW | the target has no object with this id |
| SAME | same id, same version, same parent folder |
| PATH | same id and version, in another parent folder |
| DS | a user of the same version whose Distribution Services addresses, contacts or contact groups differ |
| DIFF | same id, other version |

The same id with another type (or a group in the place of a user) is no conflict but an error: the import is refused.`,
  decisions: `## Decisions

"Later" compares the modification times by whole seconds; the same second is not later.`,
  outcomes: `| outcome | what is written |
| --- | --- |
| \`create\` | the object, with its own id, version and times |
| \`replace\` | everything, with the version and modification time of the package; the date of creation stays |
| \`move\` | the parent folder; version, times, access and name stay |
| \`update_contacts\` | the user's addresses, contacts and contact groups (and the folder, if it differs) |
| \`update_translations\` | the texts in other languages (and the folder, if the rule moves the object); version, times, access and name stay |
| \`duplicate\` | a new object with a new id and version; the one on the target stays as it is |
| \`delete\` | the object is gone |
| \`keep\`, \`skip\` | nothing: the target has the object, or does not have it |`,
  folders: `## Folders

- Folders on the way to an object are in the package, but not in its content. They are made where the target lacks them,
  and used where they are otherwise; they are never compared, moved or replaced.
- A folder that holds something never gets the version and the modification time of the source, because what it holds is
  put into it after it was copied. So it is DIFF at the next import; if its own properties (name, parent folder,
  description, abbreviation, hidden, content of the definition, and the access and owner that the import would give it)
  are the same, nothing is written. \`force_replace\` writes it all the same.
- Replacing a folder takes nothing out of it. Deleting one needs it to be empty after the import.
- Predefined folders keep their name and place, and are never deleted.`,
  access: `## Access control lists and owners

Trustees are matched by id. An entry for a user or group that the target does not have is left out, with a warning.

| \`aclOnReplacingObjects\` | list of a replaced object | owner |
| --- | --- | --- |
| \`use_existing\`, none | the target's | the target's |
| \`replace\` | the package's | the package's, if the target has that user |
| \`keep_both\` | both; the target's entry wins for the same trustee, deny and inheritable | the target's |

| \`aclOnNewObjects\` | list of a new object or a duplicate |
| --- | --- |
| \`keep_acl_as_source_object\`, none | the package's |
| \`inherit_acl_as_dest_folder\` | the inheritable entries of the folder it comes into, and full control for its owner; a folder also hands them down |
| both | the two joined |

A new object belongs to the owner it has in the package, or to the importing user if the target does not have that user.
\`move\`, \`update_contacts\` and \`update_translations\` touch neither list nor owner.`,
  refusals: `## What stops an import

Checked before anything is written, over the target as it would be afterwards:

- the same id with another type;
- an object that needs something which is neither in the package nor on the target;
- deleting an object that something which stays still uses, a folder that is not empty, a system object, Administrator,
  Everyone or the importing user;
- a parent folder that would not be there, or folders that would lie in a circle;
- two users with one login name, whatever the case of its letters and however they are composed.

Two objects of one type with one name in one folder: the object that was there keeps its name, of several incoming ones the
smallest id does, the others become \`Name (1)\`, \`Name (2)\`, ..., with a warning. Set to \`fail\`, the server refuses instead.
Names are compared without regard to the case of ASCII letters.`,
  merge: `## Project merge

A merge takes every object of the source project. Predefined folders and system objects come along for a target that lacks
them, under no rule; users, groups and everything else of the configuration do not. Nothing is deleted: what only the target
has stays, and a rule \`delete\` is refused.

With \`validateDependencies\` false, an object that needs something which is neither in the package nor on the target does not
stop the import; the record names what is missing, and counts what would be too much to name. Everything else that stops an import stops a merge too.`,
  mergeTexts: `Texts in other languages have a rule of their own. The default language always follows the object, and a new object, or
the copy that \`keep_both\` makes, has all texts of the package. An object that its rule keeps, although it differs, keeps its
texts.`,
  security: `## Project security

A package of this kind holds no objects, but the links of users and groups with the source project:
${LINK_FIELDS.map((field) => `\`${field}\``).join(', ')} of their definitions. The import sets them for the target project; links
with other projects, and all else of the users and groups, stay as they are. A user or group whose links change gets a new
version, and the import as its time.`,
  securityRefusals: `A user or group without any link with the project gets those of the package under every rule but \`delete\`.

The import is refused, naming what is missing, when the target does not have the user or group, a security role, a data
source, connection or login that a link leads to, or when its project does not have the security filter. A profile folder
that it does not have is left out, with a warning.`,
  undo: `## Undo

An import writes an undo package: for what it created an order to delete it, for what it changed or deleted the object
as it was. There is none when the caller asked for none, or when the rule \`keep_both\` is in force for at least one object
of the package (folders on the way do not count).

An undo is exact, or it stops and changes nothing. It overwrites what was edited since, and lists it; a folder that has been
filled since stays. What stops it, with a message that names the objects:

- something else has come to use an object that the undo would delete;
- what a restored object needs is gone, or its folder;
- a folder would lie inside itself, because the one into which it goes back has been moved below it;
- an object would come back to a name that another one of its type has taken in the folder meanwhile (users and groups share
  names);
- a user would come back to a login name that another one has taken.

Rename, move or change the other one, and undo again. What was so before the import is so again, right or not: a need that led
nowhere, or one name for two objects.`,
} as const;

const mergeSection = (): string =>
  [
    PROSE.merge,
    'The rule of an object is the first of these that there is:',
    MERGE_PRECEDENCE.map((level, index) => `${index + 1}. ${level}`).join('\n'),
    PROSE.mergeTexts,
    table(
      ['`translationAction`', 'what happens'],
      TRANSLATION_ACTIONS.map((action) => [code(action), TRANSLATION_SUMMARIES[action]]),
    ),
  ].join('\n\n');

const securitySection = (): string =>
  [
    PROSE.security,
    table(
      ['rule', 'links with the project'],
      CONFLICT_ACTIONS.map((action) => [code(action), LINK_SUMMARIES[action]]),
    ),
    PROSE.securityRefusals,
  ].join('\n\n');

const statusSection = (): string =>
  [
    '## Status',
    '"None" is a record, or a part of it, that is not there yet.',
    machineSection(PACKAGE_MACHINE),
    machineSection(IMPORT_MACHINE),
    machineSection(IMPORT_REQUEST_MACHINE),
    machineSection(UNDO_REQUEST_MACHINE),
    machineSection(VALIDATION_MACHINE),
    machineSection(CERTIFICATION_MACHINE),
    '### What is allowed when',
    permissionTable(),
  ].join('\n\n');

/** The text of docs/rules.md. */
export function renderRules(): string {
  const sections = [
    PROSE.intro,
    PROSE.conflicts,
    PROSE.decisions,
    decisionTable(),
    PROSE.outcomes,
    ...CONFLICT_ACTIONS.map(reasonsOf),
    PROSE.folders,
    PROSE.access,
    PROSE.refusals,
    PROSE.undo,
    mergeSection(),
    securitySection(),
    statusSection(),
    '## Object types',
    typeTable(),
    '## Predefined folders',
    'The same in every environment; the root of a project has the name of the project.',
    folderTable(),
  ];
  return `${sections.join('\n\n')}\n`;
}

// Run as a program: writes the page.
if (import.meta.main) writeFileSync(new URL('../docs/rules.md', import.meta.url), renderRules());
