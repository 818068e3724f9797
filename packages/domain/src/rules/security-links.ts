import { canonicalJson } from '../objects/canonical-json.ts';
import { parseObjectId } from '../objects/ids.ts';
import type { JsonObject, JsonValue } from '../objects/metadata-object.ts';
import { FOLDER_TYPE, SECURITY_ROLE_TYPE } from '../objects/types.ts';
import { isLaterSecond } from '../objects/dates.ts';
import type { ConflictAction } from './actions.ts';

/**
 * What links a user or group with a project (spec/semantics.md 3): lists in its definition whose members name the
 * project in `projectId`. A project security package holds these, and nothing else of its users and groups.
 */
export const LINK_FIELDS = [
  'securityRoles',
  'securityFilters',
  'connectionMaps',
  'profileFolders',
  'preferences',
] as const;
export type LinkField = (typeof LINK_FIELDS)[number];

/** The links with one project, by field; fields without any are left out. */
export type ProjectLinks = { readonly [F in LinkField]?: readonly JsonObject[] };

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

const isOfProject = (link: JsonValue, projectId: string): link is JsonObject =>
  isObject(link) && typeof link['projectId'] === 'string' && parseObjectId(link['projectId']) === projectId;

/** The links of a user or group with a project, as its definition has them. */
export function projectLinksOf(definition: JsonObject, projectId: string): ProjectLinks {
  return byField((field) => listOf(definition[field]).filter((link) => isOfProject(link, projectId)));
}

/** The same links with another project. */
export function linksForProject(links: ProjectLinks, projectId: string): ProjectLinks {
  return byField((field) => (links[field] ?? []).map((link) => ({ ...link, projectId })));
}

/** The definition with exactly these links with the project; what else it holds, links with others included, stays. */
export function withProjectLinks(definition: JsonObject, projectId: string, links: ProjectLinks): JsonObject {
  const changed: JsonObject = { ...definition };
  for (const field of LINK_FIELDS) {
    const others = listOf(definition[field]).filter((link) => !isOfProject(link, projectId));
    const all = [...others, ...(links[field] ?? [])];
    if (all.length > 0 || Array.isArray(definition[field])) changed[field] = all;
  }
  return changed;
}

export function hasLinks(links: ProjectLinks): boolean {
  return LINK_FIELDS.some((field) => (links[field] ?? []).length > 0);
}

function byField(linksOf: (field: LinkField) => readonly JsonObject[]): ProjectLinks {
  const found: { [F in LinkField]?: readonly JsonObject[] } = {};
  for (const field of LINK_FIELDS) {
    const links = linksOf(field);
    if (links.length > 0) found[field] = links;
  }
  return found;
}

/** What a link leads to. Where it has to be: in the configuration, or in the project that is linked. */
export interface LinkTarget {
  readonly id: string;
  /** Null where the link does not tell it: any object will do. */
  readonly type: number | null;
  readonly level: 'configuration' | 'project';
  /** False where a link that leads nowhere is left out instead of being refused. */
  readonly required: boolean;
}

const SECURITY_FILTER_TYPE = 58;

/**
 * Everything that the links lead to. Preferences lead to nothing. Profile folders are made for each user by each
 * environment, so that a link with one may well lead nowhere on another.
 */
export function linkTargetsOf(links: ProjectLinks): LinkTarget[] {
  const found = new Map<string, LinkTarget>();
  const add = (target: LinkTarget): void => void found.set(`${target.level} ${target.id}`, target);
  for (const id of idsIn(links.securityRoles))
    add({ id, type: SECURITY_ROLE_TYPE, level: 'configuration', required: true });
  for (const id of idsIn(links.securityFilters))
    add({ id, type: SECURITY_FILTER_TYPE, level: 'project', required: true });
  for (const id of idsIn(links.connectionMaps)) add({ id, type: null, level: 'configuration', required: true });
  for (const id of idsIn(links.profileFolders)) add({ id, type: FOLDER_TYPE, level: 'project', required: false });
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The links without those to profile folders that are not there. */
export function withoutFolders(links: ProjectLinks, missing: ReadonlySet<string>): ProjectLinks {
  return byField((field) => {
    const all = links[field] ?? [];
    return field === 'profileFolders' ? all.filter((link) => !idsIn([link]).some((id) => missing.has(id))) : all;
  });
}

/** Ids among the members of the links (`roleId`, `filterId`, `connectionId`, …), the project left out. */
function idsIn(links: readonly JsonObject[] | undefined): string[] {
  return (links ?? []).flatMap((link) =>
    Object.entries(link).flatMap(([key, value]) => {
      if (key === 'projectId' || typeof value !== 'string' || !/^(id|objectId|.*Id)$/.test(key)) return [];
      return parseObjectId(value) ?? [];
    }),
  );
}

/** A user's or group's links with the project on both sides, and when each side was modified (wire dates). */
export interface LinkMeeting {
  /** Of the package, already for the target project. */
  readonly incoming: ProjectLinks;
  readonly existing: ProjectLinks;
  readonly dates: { readonly incoming: string; readonly existing: string };
}

export interface LinkVerdict {
  readonly links: ProjectLinks;
  /** One short sentence for people. */
  readonly reason: string;
}

/** What each rule means for links, in the words of docs/rules.md. */
export const LINK_SUMMARIES: Readonly<Record<ConflictAction, string>> = {
  use_existing: 'The links of the target stay if it has any with the project; else it gets those of the package.',
  replace: 'The target has exactly the links of the package.',
  keep_both: 'The target keeps its links and gets those of the package. Such an import cannot be undone.',
  use_newer:
    'As `replace` if the user or group was modified later in the package than on the target, else `use_existing`.',
  use_older:
    'As `use_existing` if the user or group was modified later in the package than on the target, else `replace`.',
  force_replace: 'As `replace`.',
  delete: 'All links with the project go.',
};

/** The links that a user or group ends up with. */
export function decideLinks(action: ConflictAction, meeting: LinkMeeting): LinkVerdict {
  const { incoming, existing, dates } = meeting;
  const keep: LinkVerdict = { links: existing, reason: 'The links of the target stay.' };
  if (action === 'delete') return { links: {}, reason: 'The rule takes all links with the project away.' };
  const take: LinkVerdict = { links: incoming, reason: 'The links of the package are set.' };
  if (!hasLinks(existing)) return take;
  const isLater = isLaterSecond(dates.incoming, dates.existing);
  switch (action) {
    case 'use_existing':
      return keep;
    case 'replace':
    case 'force_replace':
      return take;
    case 'use_newer':
      return isLater ? take : keep;
    case 'use_older':
      return isLater ? keep : take;
    case 'keep_both':
      return { links: joined(existing, incoming), reason: 'The links of both are kept.' };
  }
  return action satisfies never;
}

/** True when both hold the same links, in whatever order. */
export function isSameLinks(a: ProjectLinks, b: ProjectLinks): boolean {
  return keysOf(a) === keysOf(b);
}

function keysOf(links: ProjectLinks): string {
  return LINK_FIELDS.map((field) => (links[field] ?? []).map(linkKey).toSorted().join()).join('\n');
}

/**
 * The existing links, and those incoming ones that are not among them. Nobody has two sets of preferences for one
 * project, so those of the target win.
 */
function joined(existing: ProjectLinks, incoming: ProjectLinks): ProjectLinks {
  return byField((field) => {
    const kept = existing[field] ?? [];
    if (field === 'preferences' && kept.length > 0) return kept;
    const known = new Set(kept.map(linkKey));
    return [...kept, ...(incoming[field] ?? []).filter((link) => !known.has(linkKey(link)))];
  });
}

/** Links are equal when all their members are, in whatever order the members stand. */
function linkKey(link: JsonObject): string {
  return canonicalJson(link);
}
