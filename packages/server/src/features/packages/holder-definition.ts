import type { PackageEntry } from '@longshore/domain';
import { findObjectType } from '@longshore/domain';

/** Types whose definitions are shown: attribute, fact, hierarchy, table. */
export const SHOWN_TYPES: ReadonlySet<number> = new Set([12, 13, 14, 15]);

/**
 * The definition of a packed object as the older package API shows it: in the form of the modeling API, and headed by
 * what the package knows of the object (spec/api.md 2.11).
 */
export function shownDefinition(entry: PackageEntry, body: string): Record<string, unknown> {
  const definition = JSON.parse(body) as Record<string, unknown>;
  const own = definition['information'];
  const information = {
    primaryLocale: 'en-US',
    ...(own !== null && typeof own === 'object' ? own : {}),
    dateCreated: isoDate(entry.dateCreated),
    dateModified: isoDate(entry.dateModified),
    versionId: entry.version,
    objectId: entry.id,
    subType: subtypeWord(entry),
    name: entry.name,
  };
  return { ...definition, information };
}

/** Dates of definitions end in `Z` (spec/api.md 1.9). */
const isoDate = (wire: string): string => wire.replace(/\+0000$/, 'Z');

function subtypeWord({ type, subtype }: PackageEntry): string {
  const known = findObjectType(type)?.subtypes.find((candidate) => candidate.number === subtype);
  return known?.apiName ?? '';
}
