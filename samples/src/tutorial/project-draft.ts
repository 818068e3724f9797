import { PREDEFINED_FOLDERS, WELL_KNOWN } from '@longshore/domain';
import type { AclEntry, JsonObject, Reference } from '@longshore/domain';
import { KNOWN_IDS } from './known-ids.ts';
import { KINDS } from './kinds.ts';
import type { Kind } from './kinds.ts';
import { modelingDate, stableDate, stableId } from './stable-values.ts';

/** The two states of the sample: `dev` is the newer one; `prod` is where packages go. */
export const STATES = ['dev', 'prod'] as const;
export type State = (typeof STATES)[number];

export const TUTORIAL_PROJECT_ID = 'B19DEDCC11D4E0EFC000EB9495D0F44F';

/** A reference as a definition holds it. */
export type Link = { objectId: string; subType: string; name: string };

/** What every row of the tables may say about its object, besides its own columns. */
export interface RowBase {
  readonly name: string;
  readonly description?: string;
  readonly abbreviation?: string;
  /** Name of the folder; the home of the kind where it is missing. */
  readonly folder?: string;
  /** Full name of the user who owns it; Administrator where it is missing. */
  readonly owner?: string;
  readonly hidden?: boolean;
  readonly acl?: readonly AclEntry[];
  readonly dateCreated?: string;
  readonly dateModified?: string;
  readonly version?: string;
  /** The name in German, French and Spanish. */
  readonly names?: readonly string[];
}

/**
 * A row with its history. `only`: the object exists in one state. `prod`: what is otherwise in production; with an
 * `editedAt` that is another version of the object (older or newer than dev's), without one the version is the same
 * (a move, another ACL, other contacts).
 */
export type Stated<Row> = Row & {
  readonly only?: State;
  readonly prod?: Partial<Row> & { readonly editedAt?: string };
};

/** One object of the sample, as far as it goes into a line of the load format. */
export interface DraftObject {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly parentId: string;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly hidden: boolean;
  readonly acl: readonly AclEntry[];
  readonly definition: JsonObject;
  readonly uses: readonly Reference[];
  readonly translations: JsonObject;
}

export interface ProjectDraft {
  readonly state: State;
  add(kind: Kind, row: RowBase, body: { definition: JsonObject; uses?: readonly Reference[]; parentId?: string }): void;
  objects(): readonly DraftObject[];
}

/** The rows that exist in a state, with that state's values. */
export function inState<Row extends RowBase>(rows: readonly Stated<Row>[], state: State): Row[] {
  return rows
    .filter((row) => row.only === undefined || row.only === state)
    .map((row) => {
      const { only: _only, prod, ...current } = row;
      if (state === 'dev' || prod === undefined) return current as unknown as Row;
      const { editedAt, ...changed } = prod;
      const revision = editedAt
        ? { dateModified: editedAt, version: stableId(`version/${row.name}/${editedAt}`) }
        : undefined;
      return { ...current, ...changed, ...revision } as unknown as Row;
    });
}

const predefinedFolderByName = new Map(PREDEFINED_FOLDERS.map((folder) => [folder.name, folder.id]));

/** The id of an object: that of a folder which every environment has, the documented one, or one derived from its name. */
export function idOf(kind: Kind, name: string): string {
  const key = `${kind}:${name}`;
  const predefined = kind === 'folder' ? predefinedFolderByName.get(name) : undefined;
  return predefined ?? KNOWN_IDS[key] ?? stableId(key);
}

/** A reference to an object, as the modeling API writes it. */
export function link(kind: Kind, name: string): Link {
  return { objectId: idOf(kind, name), subType: KINDS[kind].subType, name };
}

export const links = (kind: Kind, names: readonly string[]): Link[] => names.map((name) => link(kind, name));

/** An explicit `uses` entry, for references that the definition does not hold. */
export function usesOf(kind: Kind, names: readonly string[]): Reference[] {
  return names.map((name) => ({ id: idOf(kind, name), type: KINDS[kind].type }));
}

/** Entry of an access control list; the trustee is allowed the rights. */
export function grant(trusteeId: string, rights: number): AclEntry {
  return { trusteeId, rights, deny: false, inheritable: false };
}

export function refuse(trusteeId: string, rights: number): AclEntry {
  return { trusteeId, rights, deny: true, inheritable: false };
}

/** A folder's entries twice: for itself and for what is created in it (spec/semantics.md 1.4). */
export function withInheritance(entries: readonly AclEntry[]): AclEntry[] {
  return [...entries, ...entries.map((entry) => ({ ...entry, inheritable: true }))];
}

/** View for everyone, full control for the administrator: what old objects carry. */
export const STANDARD_ACL: readonly AclEntry[] = [
  grant(WELL_KNOWN.everyone, 199),
  grant(WELL_KNOWN.administrator, 255),
];

const LANGUAGES = ['1031', '1036', '3082'] as const;

function translationsOf(row: RowBase): JsonObject {
  if (!row.names) return {};
  const texts: JsonObject = {};
  for (const [index, language] of LANGUAGES.entries()) {
    const text = row.names[index];
    if (text !== undefined) texts[language] = text;
  }
  return { '1:0:': texts };
}

/** The facts of the row that stand in the definition's `information` block as well. */
function withInformation(object: DraftObject): DraftObject {
  const facts = KINDS[object.kind];
  if (!facts.modeled) return object;
  const information: JsonObject = {
    dateCreated: modelingDate(object.dateCreated),
    dateModified: modelingDate(object.dateModified),
    versionId: object.version,
    primaryLocale: 'en-US',
    objectId: object.id,
    subType: facts.subType,
    name: object.name,
    ...(object.description === '' ? {} : { description: object.description }),
  };
  return { ...object, definition: { information, ...object.definition } };
}

function homeOf(kind: Kind): string {
  const { home } = KINDS[kind];
  if (home === undefined) throw new Error(`a ${kind} of the sample has to name its folder`);
  return home;
}

/** An empty draft of the Tutorial in one state. */
export function createDraft(state: State): ProjectDraft {
  const byId = new Map<string, DraftObject>();
  return {
    state,
    objects: () => [...byId.values()],
    add(kind, row, body) {
      const id = idOf(kind, row.name);
      if (byId.has(id)) throw new Error(`${kind} ${row.name} (${id}) is in the sample twice`);
      const key = `${kind}/${row.name}`;
      const dateCreated = row.dateCreated ?? stableDate(`created/${key}`, 2001, 2008);
      const object: DraftObject = {
        kind,
        id,
        name: row.name,
        description: row.description ?? '',
        abbreviation: row.abbreviation ?? '',
        parentId: body.parentId ?? idOf('folder', row.folder ?? homeOf(kind)),
        ownerId: row.owner === undefined ? WELL_KNOWN.administrator : idOf('user', row.owner),
        version: row.version ?? stableId(`version/${key}`),
        dateCreated,
        dateModified: row.dateModified ?? stableDate(`modified/${key}`, 2010, 2021),
        hidden: row.hidden ?? false,
        acl: row.acl ?? STANDARD_ACL,
        definition: body.definition,
        uses: body.uses ?? [],
        translations: translationsOf(row),
      };
      byId.set(id, withInformation(object));
    },
  };
}
