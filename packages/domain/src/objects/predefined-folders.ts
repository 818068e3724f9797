import { WELL_KNOWN } from './ids.ts';
import type { AclEntry, MetadataObject } from './metadata-object.ts';

/** A folder that every project (or the configuration of every environment) has under the same id. */
export interface PredefinedFolder {
  /** Folder-type number of `GET /api/folders/preDefined/{folderType}` (spec/api.md 2.5). */
  readonly number: number;
  readonly id: string;
  /** The project root (39) is named after its project instead. */
  readonly name: string;
  /** Number of the folder in which it lies; null for the roots. */
  readonly parent: number | null;
  readonly level: 'project' | 'configuration';
  readonly hidden: boolean;
}

export const ROOT_FOLDER = 39;

/** Ids that are known from published samples; all others follow a fixed pattern of our own. */
const KNOWN_IDS: ReadonlyMap<number, string> = new Map([
  [1, WELL_KNOWN.publicObjects],
  [7, WELL_KNOWN.sharedReports],
  [ROOT_FOLDER, WELL_KNOWN.projectRoot],
  [71, '19BD7AE596A740C19341A88803DB87C2'],
  [77, '73F7482211D3596C60001B8F67019608'],
]);

/** "LONGSHORE" in hex, then the folder's number: never changes, or environments would no longer share folders. */
const idOf = (number: number): string =>
  KNOWN_IDS.get(number) ?? `4C4F4E4753484F5245${String(number).padStart(14, '0')}`;

type Row = readonly [number: number, name: string, parent: number | null];

/** Parents come before their children. */
const PROJECT_ROWS: readonly Row[] = [
  [ROOT_FOLDER, 'Project', null],
  [1, 'Public Objects', ROOT_FOLDER],
  [2, 'Consolidations', 1],
  [3, 'Custom Groups', 1],
  [4, 'Filters', 1],
  [5, 'Metrics', 1],
  [6, 'Prompts', 1],
  [7, 'Reports', 1],
  [8, 'Searches', 1],
  [9, 'Templates', 1],
  [24, 'Schema Objects', ROOT_FOLDER],
  [25, 'Attribute Forms', 24],
  [26, 'Attributes', 24],
  [27, 'Columns', 24],
  [28, 'Data Explorer', 24],
  [29, 'Facts', 24],
  [30, 'Functions and Operators', 24],
  [31, 'Hierarchies', 24],
  [32, 'Partition Filters', 24],
  [33, 'Partition Mappings', 24],
  [34, 'Subtotals', 24],
  [35, 'Tables', 24],
  [36, 'Warehouse Tables', 24],
  [37, 'Transformation Attributes', 24],
  [38, 'Transformations', 24],
  [19, 'Profiles', ROOT_FOLDER],
  [20, 'My Reports', 19],
  [21, 'My Answers', 19],
  [22, 'My Favorites', 19],
  [61, 'System Objects', ROOT_FOLDER],
  [71, 'System Prompts', 61],
];

const CONFIGURATION_ROWS: readonly Row[] = [
  [57, 'Auto Styles', null],
  [58, 'Monitors', null],
  [59, 'Server Definitions', null],
  [72, 'Events', null],
  [73, 'Data Sources', null],
  [74, 'Languages', null],
  [75, 'Property Sets', null],
  [76, 'Database Types', null],
  [77, 'Projects', null],
  [78, 'Users', null],
  [79, 'User Groups', null],
  [80, 'Security Roles', null],
  [81, 'Database Connections', null],
  [82, 'Database Logins', null],
  [83, 'Links', null],
  [84, 'Schedules', null],
  [85, 'Schedule Triggers', null],
  [86, 'Table Sources', null],
  [87, 'Version History', null],
  [88, 'Devices', null],
  [89, 'Transmitters', null],
  [94, 'Palettes', null],
  [95, 'Themes', null],
];

const HIDDEN: ReadonlySet<number> = new Set([28, 37, 61]);

const toFolder = ([number, name, parent]: Row, level: PredefinedFolder['level']): PredefinedFolder => ({
  number,
  id: idOf(number),
  name,
  parent,
  level,
  hidden: HIDDEN.has(number),
});

/** All predefined folders, parents before children. */
export const PREDEFINED_FOLDERS: readonly PredefinedFolder[] = [
  ...PROJECT_ROWS.map((row) => toFolder(row, 'project')),
  ...CONFIGURATION_ROWS.map((row) => toFolder(row, 'configuration')),
];

const folderByNumber = new Map(PREDEFINED_FOLDERS.map((folder) => [folder.number, folder]));
const folderIds: ReadonlySet<string> = new Set(PREDEFINED_FOLDERS.map((folder) => folder.id));

/** The folder with this folder-type number. */
export function findPredefinedFolder(number: number): PredefinedFolder | undefined {
  return folderByNumber.get(number);
}

export function isPredefinedFolder(id: string): boolean {
  return folderIds.has(id);
}

/** Everyone may look in and use what is created there; the administrator owns it. */
const PREDEFINED_FOLDER_ACL: readonly AclEntry[] = [
  { trusteeId: WELL_KNOWN.administrator, rights: 255, deny: false, inheritable: false },
  { trusteeId: WELL_KNOWN.everyone, rights: 199, deny: false, inheritable: false },
  { trusteeId: WELL_KNOWN.everyone, rights: 199, deny: false, inheritable: true },
];

const PREDEFINED_DATE = '2001-01-02T00:00:00.000+0000';

/** "LONGSHORV" in hex, then the folder's number. */
const versionOf = (number: number): string => `4C4F4E4753484F5256${String(number).padStart(14, '0')}`;

/**
 * The folder as an object, equal in every environment but for the root's name.
 * @param projectId null for a folder of the configuration
 * @param projectName becomes the name of the root folder
 */
export function predefinedFolderObject(
  folder: PredefinedFolder,
  projectId: string | null,
  projectName: string,
): MetadataObject {
  return {
    projectId,
    id: folder.id,
    type: 8,
    subtype: 2048,
    name: folder.number === ROOT_FOLDER ? projectName : folder.name,
    description: '',
    abbreviation: '',
    parentId: folder.parent === null ? null : idOf(folder.parent),
    ownerId: WELL_KNOWN.administrator,
    version: versionOf(folder.number),
    dateCreated: PREDEFINED_DATE,
    dateModified: PREDEFINED_DATE,
    hidden: folder.hidden,
    acl: PREDEFINED_FOLDER_ACL,
    definition: {},
    uses: [],
    translations: {},
  };
}
