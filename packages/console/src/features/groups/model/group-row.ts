import { PRIVILEGE } from '@longshore/domain';
import type { ConsoleEnvironment, MigrationGroup } from '@longshore/contracts';
import type { Tone } from '../../../design/index.ts';
import { IMPORT_PRIVILEGES, privilegeRefusal } from '../../../environments/privileges.ts';
import type { Connection } from '../../../environments/connection.ts';

/** A group as one environment keeps it. */
export interface GroupSide {
  readonly environment: ConsoleEnvironment;
  readonly group: MigrationGroup;
}

/** A group as people think of it: the records of its source and its target. */
export interface GroupRow {
  readonly id: string;
  readonly source: GroupSide | null;
  readonly target: GroupSide | null;
}

export function joinGroups(sides: readonly GroupSide[]): readonly GroupRow[] {
  const rows = new Map<string, GroupRow>();
  for (const side of sides) {
    const { id, migrations } = side.group;
    const row = rows.get(id) ?? { id, source: null, target: null };
    const isCopy = migrations.some(({ packageInfo }) => packageInfo.replicated);
    rows.set(id, isCopy ? { ...row, target: side } : { ...row, source: side });
  }
  return [...rows.values()];
}

/** Where the packages are, and where they were imported to. */
export function sidesOf({ id, source, target }: GroupRow): { readonly made: GroupSide; readonly moved: GroupSide } {
  const made = source ?? target;
  if (!made) throw new Error(`Group ${id} has no record.`);
  return { made, moved: target ?? made };
}

/** A group and the connections to its environments. */
export interface GroupScene {
  readonly row: GroupRow;
  readonly source: Connection | null;
  readonly target: Connection | null;
}

export type GroupWord = MigrationGroup['status'] | 'requested' | 'rejected' | 'undoRequested';

/** The one status of a group: the target's once it has been imported, until then the source's with its request. */
export function groupWord(row: GroupRow): GroupWord {
  const { made, moved } = sidesOf(row);
  if (moved.group.undoRequestStatus === 'requested' && moved.group.status === 'imported') return 'undoRequested';
  if (row.target || moved.group.status !== 'created') return moved.group.status;
  const { importRequestStatus } = made.group;
  return importRequestStatus === 'requested' || importRequestStatus === 'rejected' ? importRequestStatus : 'created';
}

export const GROUP_TONES: Readonly<Record<GroupWord, Tone>> = {
  creating: 'run',
  created: 'neutral',
  create_failed: 'bad',
  locked: 'info',
  importing: 'run',
  imported: 'good',
  import_failed: 'bad',
  undoing: 'run',
  undo_success: 'neutral',
  undo_failed: 'bad',
  requested: 'warn',
  rejected: 'bad',
  undoRequested: 'warn',
};

/** True while a server works on the group. */
export const isAtWork = (word: GroupWord): boolean => GROUP_TONES[word] === 'run';

export const GROUP_ACTIONS = [
  'request',
  'withdraw',
  'approve',
  'reject',
  'import',
  'requestUndo',
  'rejectUndo',
  'undo',
  'edit',
  'certify',
  'decertify',
  'deleteSource',
  'deleteTarget',
] as const;
export type GroupAction = (typeof GROUP_ACTIONS)[number];

interface GroupRule {
  readonly side: 'source' | 'target';
  readonly words: readonly GroupWord[];
  /** Needed wherever the group has a package, or has its target. */
  readonly privileges: readonly number[];
}

const CREATE = [PRIVILEGE.createPackage] as const;
const APPLY = [PRIVILEGE.applyPackage] as const;
const CERTIFY = [PRIVILEGE.certifyPackage] as const;

const RESTING: readonly GroupWord[] = [
  'created',
  'create_failed',
  'locked',
  'imported',
  'import_failed',
  'undo_success',
  'undo_failed',
  'requested',
  'rejected',
  'undoRequested',
];
const BEFORE_APPROVAL: readonly GroupWord[] = ['created', 'requested', 'rejected'];
const REVERSIBLE: readonly GroupWord[] = ['imported', 'import_failed', 'undo_failed'];

const EDITABLE: readonly GroupWord[] = ['created', 'create_failed', 'rejected'];

/** Where each action is taken, in which states (spec/api.md 3.7), and by whom. */
const GROUP_RULES: Readonly<Record<GroupAction, GroupRule>> = {
  request: { side: 'source', words: ['created', 'rejected'], privileges: CREATE },
  withdraw: { side: 'source', words: ['requested'], privileges: CREATE },
  approve: { side: 'source', words: ['requested'], privileges: APPLY },
  reject: { side: 'source', words: ['requested'], privileges: APPLY },
  import: { side: 'source', words: ['locked', 'import_failed', 'undo_success'], privileges: [] },
  requestUndo: { side: 'target', words: REVERSIBLE, privileges: CREATE },
  rejectUndo: { side: 'target', words: ['undoRequested'], privileges: APPLY },
  undo: { side: 'target', words: [...REVERSIBLE, 'undoRequested'], privileges: IMPORT_PRIVILEGES },
  edit: { side: 'source', words: EDITABLE, privileges: CREATE },
  certify: { side: 'source', words: BEFORE_APPROVAL, privileges: CERTIFY },
  decertify: { side: 'source', words: BEFORE_APPROVAL, privileges: CERTIFY },
  deleteSource: { side: 'source', words: RESTING, privileges: CREATE },
  deleteTarget: { side: 'target', words: RESTING, privileges: CREATE },
};

/** Why the user may not take the action, in a sentence; null when he may. An import counts on the target only. */
export function groupPrivilegeRefusal(action: GroupAction, { row, source, target }: GroupScene): string | null {
  const { made, moved } = sidesOf(row);
  const targets = projectsOf(moved.group, 'importInfo');
  if (action === 'import') return target ? privilegeRefusal(target, IMPORT_PRIVILEGES, targets) : null;
  const { side, privileges } = GROUP_RULES[action];
  const connection = side === 'source' ? source : target;
  if (!connection) return null;
  return privilegeRefusal(connection, privileges, side === 'source' ? projectsOf(made.group, 'packageInfo') : targets);
}

/** Undefined stands for the configuration. */
const projectsOf = ({ migrations }: MigrationGroup, info: 'packageInfo' | 'importInfo'): (string | undefined)[] =>
  migrations.map((member) => (member.packageInfo.type === 'configuration' ? undefined : member[info].project?.id));

export type GroupRefusal = 'noSource' | 'noTarget' | 'state' | 'certification';

/** Null when the action can be taken now. */
export function groupRefusal(action: GroupAction, row: GroupRow): GroupRefusal | null {
  const { side, words } = GROUP_RULES[action];
  if (side === 'source' && !row.source) return 'noSource';
  const { moved } = sidesOf(row);
  const isImported = row.target !== null || moved.group.migrations.some((one) => one.importInfo.status !== 'pending');
  if (side === 'target' && !isImported) return 'noTarget';
  if (!words.includes(groupWord(row))) return 'state';
  const isCertified = row.source?.group.certification?.status === 'certified';
  if (action === 'certify' && isCertified) return 'certification';
  return action === 'decertify' && !isCertified ? 'certification' : null;
}
