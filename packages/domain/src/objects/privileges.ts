/**
 * The privileges that can be given to users, groups and security roles (spec/semantics.md 8). Ids are the numbers that
 * clients know. Two rights have a name but no public number: "Administer environment" and "Certify package". They
 * have numbers of Longshore's own range, from 1001, which the original does not use.
 */

/** Privileges that Longshore itself checks. */
export const PRIVILEGE = {
  bypassObjectSecurity: 16,
  userManager: 50,
  createPackage: 295,
  applyPackage: 296,
  administerEnvironment: 1001,
  certifyPackage: 1002,
} as const;
export type Privilege = (typeof PRIVILEGE)[keyof typeof PRIVILEGE];

export interface PrivilegeInfo {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Groups under which the privilege is listed; the first is its category. */
  readonly categories: readonly string[];
  /** True when it can hold in one project only, through a security role; else it counts for the environment. */
  readonly isProjectLevelPrivilege: boolean;
}

/** Categories in the order in which they are listed; a category's number on the wire is its position from 1. */
export const PRIVILEGE_CATEGORIES = [
  'Server - Intelligence',
  'Server - Migration',
  'Server - Distribution',
  'Client - Web',
  'Client - Desktop',
  'Client - Object Manager',
  'Client - Command Manager',
  'Client - Application - Mobile',
] as const;
type Category = (typeof PRIVILEGE_CATEGORIES)[number];

type Row = readonly [id: number, name: string, description: string];
type Level = 'project' | 'server';

function listed(category: Category, level: Level, rows: readonly Row[]): PrivilegeInfo[] {
  const isProjectLevelPrivilege = level === 'project';
  return rows.map(([id, name, description]) => ({
    id,
    name,
    description,
    categories: [category],
    isProjectLevelPrivilege,
  }));
}

const TABLE: readonly PrivilegeInfo[] = [
  ...listed('Server - Intelligence', 'project', [
    [1, 'Create application objects', 'Save new reports, metrics, filters and other application objects.'],
    [3, 'Create schema objects', 'Save new attributes, facts, tables and other schema objects.'],
    [4, 'Schedule request', 'Have a report or document run on a schedule.'],
    [16, 'Bypass all object security access checks', 'Full control over every object, whatever its access list says.'],
    [30, 'Use server cache', 'Be answered from results that the server keeps.'],
    [
      61,
      'Bypass schema object security access checks',
      'Use and change schema objects whatever their access lists say.',
    ],
    [90, 'Create new folder', 'Create folders in a project.'],
    [103, 'Use security filter manager', 'Open and assign security filters.'],
    [132, 'Create shortcut', 'Create shortcuts to objects.'],
    [156, 'Define security filter', 'Create and change security filters.'],
    [171, 'Configure project basic', 'Change the basic settings of a project.'],
    [172, 'Configure connection map', 'Decide which connection a user has to a data source.'],
    [173, 'Configure project data source', 'Choose the data sources of a project.'],
    [227, 'Execute transaction', 'Run reports that write to a data source.'],
  ]),
  ...listed('Server - Intelligence', 'server', [
    [2, 'Create configuration objects', 'Save new users, schedules, data sources and other configuration objects.'],
    [7, 'Use server administration', 'Open the administration tools of the server.'],
    [48, 'Schedule administration', 'Manage the schedules of others.'],
    [50, 'Create and edit users and groups', 'Create, change and delete users, groups and security roles.'],
    [51, 'Use job monitor', 'See the jobs that run.'],
    [52, 'Use user connection monitor', 'See who is logged in.'],
    [53, 'Use database connection monitor', 'See the open connections to data sources.'],
    [54, 'Use schedule monitor', 'See what is scheduled.'],
    [55, 'Use cache monitor', 'See the results that the server keeps.'],
    [56, 'Use cluster monitor', 'See the nodes of a cluster.'],
    [57, 'Create and edit database instances and connections', 'Create and change data sources and connections.'],
    [58, 'Create and edit schedules and events', 'Create and change schedules and events.'],
    [59, 'Use project monitor', 'See which projects are loaded.'],
    [121, 'Monitor server', 'See the counters of the server.'],
    [140, 'Administer caches', 'Remove results that the server keeps.'],
    [145, 'Fire events', 'Trigger an event.'],
    [146, 'Create and edit transmitters and devices', 'Create and change transmitters and devices.'],
    [147, 'Create and edit contacts and addresses', 'Create and change contacts and addresses.'],
    [148, 'Create and edit security roles', 'Create and change security roles.'],
    [149, 'Assign security roles', 'Give security roles to users and groups.'],
    [151, 'Reset user passwords', 'Set a new password for another user.'],
    [152, 'Link users to external accounts', 'Connect a user with an account of a directory.'],
    [153, 'Grant privileges', 'Give privileges to users and groups.'],
    [154, 'Configure group membership', 'Put users and groups into groups.'],
    [155, 'Create and edit database logins', 'Create and change logins of data sources.'],
    [158, 'Load and unload project', 'Make a project available or take it away.'],
    [159, 'Idle and resume project', 'Stop and continue the work of a project.'],
    [165, 'Configure server basic', 'Change the basic settings of the server.'],
    [166, 'Configure statistics', 'Choose what is recorded about the use of the server.'],
    [167, 'Configure security settings', 'Change how users log in.'],
    [169, 'Configure governing', 'Change the limits of the server.'],
    [174, 'Enable and disable users', 'Let a user log in, or no longer.'],
    [176, 'Configure auditing', 'Choose which changes are recorded.'],
    [177, 'Configure language settings', 'Choose the languages of the environment.'],
    [178, 'Monitor change journal', 'Read the change journal.'],
    [179, 'Use bulk translation tool', 'Translate the texts of many objects.'],
    [184, 'Duplicate project', 'Make a copy of a project.'],
  ]),
  ...listed('Server - Migration', 'project', [
    [295, 'Create package', 'Create and edit migration packages, and ask for their migration.'],
    [296, 'Apply package', 'Manage migration packages: approve, import, validate, undo, upload and download.'],
    [1002, 'Certify package', 'Certify and decertify migration packages. A number of Longshore.'],
  ]),
  ...listed('Server - Migration', 'server', [
    [1001, 'Administer environment', 'Configure the storage and the services. A number of Longshore.'],
  ]),
  ...listed('Server - Distribution', 'project', [
    [185, 'Subscribe others', 'Create subscriptions for other users.'],
    [186, 'Subscribe to alerts', 'Be told when a value crosses a limit.'],
    [196, 'Use Distribution Services', 'Have results sent to an address, file or printer.'],
    [197, 'Use immediate delivery', 'Send a result at once.'],
  ]),
  ...listed('Client - Web', 'project', [
    [17, 'Web administration', 'Change the settings of the web application.'],
    [18, 'Web user', 'Log in to the web application.'],
    [20, 'Web pivot report', 'Move rows and columns of a report.'],
    [21, 'Web create new report', 'Build a new report.'],
    [22, 'Web object search', 'Search for objects.'],
    [24, 'Web save report', 'Save reports and dashboards.'],
    [26, 'Web export', 'Export results.'],
    [28, 'Web manage objects', 'Rename, move, copy and delete objects.'],
    [31, 'Web view SQL', 'See the SQL of a report.'],
    [36, 'Web add to history list', 'Keep a result for later.'],
    [38, 'Web drill', 'Drill from a result to another.'],
    [41, 'Web subscriptions', 'Create subscriptions.'],
    [44, 'Web sort', 'Sort a result.'],
    [112, 'Web execute document', 'Run documents.'],
    [125, 'Web document design', 'Design documents.'],
    [207, 'Web dashboard design', 'Design dashboards.'],
    [223, 'Web import data', 'Bring in data from files.'],
    [233, 'Web create dashboard', 'Create dashboards.'],
    [234, 'Web save dashboard', 'Save dashboards.'],
  ]),
  ...listed('Client - Desktop', 'project', [
    [5, 'Use Architect', 'Model the schema of a project.'],
    [8, 'Use metric editor', 'Create and change metrics.'],
    [9, 'Use filter editor', 'Create and change filters.'],
    [10, 'Use template editor', 'Create and change templates.'],
    [11, 'Use report editor', 'Create and change reports.'],
    [12, 'Use consolidation editor', 'Create and change consolidations.'],
    [13, 'Use custom group editor', 'Create and change custom groups.'],
    [14, 'Use document editor', 'Create and change documents.'],
    [15, 'Use prompt editor', 'Create and change prompts.'],
    [89, 'View SQL', 'See the SQL of a report in a desktop tool.'],
    [97, 'Use drill map editor', 'Create and change drill maps.'],
    [131, 'Use desktop tools', 'Log in with a desktop tool.'],
  ]),
  ...listed('Client - Object Manager', 'project', [
    [35, 'Use Object Manager', 'Copy objects between projects.'],
    [229, 'Use Object Manager read-only', 'Look at objects of projects side by side.'],
    [230, 'Use Object Manager import-only', 'Import update packages.'],
  ]),
  ...listed('Client - Command Manager', 'server', [[109, 'Use Command Manager', 'Run administration scripts.']]),
  ...listed('Client - Application - Mobile', 'project', [
    [137, 'Use mobile application', 'Log in with a mobile device.'],
  ]),
];

/** Every privilege, by id. */
export const PRIVILEGES: readonly PrivilegeInfo[] = TABLE.toSorted((a, b) => a.id - b.id);

const byId: ReadonlyMap<number, PrivilegeInfo> = new Map(PRIVILEGES.map((privilege) => [privilege.id, privilege]));

/** A privilege of the table, or undefined. */
export function findPrivilege(id: number): PrivilegeInfo | undefined {
  return byId.get(id);
}

/** The name that clients print; for a number that the table lacks, the number. */
export function privilegeName(id: number): string {
  return byId.get(id)?.name ?? `number ${id}`;
}

/**
 * Reads one privilege of a definition or a request: a number, its text, or `{id}` with either. Undefined for what is
 * no privilege number; numbers that the table lacks are read too, since a package may come from a newer environment.
 */
export function parsePrivilege(value: unknown): number | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  if (typeof id !== 'number' && typeof id !== 'string') return undefined;
  const number = typeof id === 'string' && /^\d{1,5}$/.test(id) ? Number(id) : id;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : undefined;
}
