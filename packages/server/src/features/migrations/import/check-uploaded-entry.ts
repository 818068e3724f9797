import type { PackageManifest } from '@longshore/contracts';
import {
  linkTargetsOf,
  referencesOf,
  type JsonObject,
  type JsonValue,
  type PackageEntry,
  type Reference,
} from '@longshore/domain';
import { canonicalText } from '../../objects/canonical-text.ts';
import { contactsHash } from '../../objects/object-rows.ts';
import { parseLinkBody } from '../security/link-body.ts';
import { damaged } from './damaged.ts';

/** What is needed of a manifest. */
type Manifest = Pick<PackageManifest, 'type' | 'project'>;

/**
 * A file that another environment wrote into the shared store is believed where it is consistent; one that a client has
 * uploaded can have been made by anybody. What its headers derive from a definition is derived again here: a reference
 * that a header keeps back would let an object in whose needs nobody has looked at.
 * @throws AppError `invalid` when a text is not in stored form, or a header says other than its definition
 */
export function checkUploadedEntry(entry: PackageEntry, definition: string, manifest: Manifest): void {
  const derived = entry.absent ? NOTHING : derive(entry, definition, manifest);
  if (derived === undefined) throw damaged(`the definition of object ${entry.id} is not in the form that is stored`);
  if (!isSameReferences(entry.references, derived.references)) {
    throw damaged(`the header of object ${entry.id} does not name what its definition refers to`);
  }
  if (entry.contactsHash !== derived.contactsHash) {
    throw damaged(`the header of object ${entry.id} does not fit the contacts in its definition`);
  }
}

interface Derived {
  readonly references: readonly Reference[];
  readonly contactsHash: string | null;
}

const NOTHING: Derived = { references: [], contactsHash: null };

/** Undefined for texts that no server would have written. */
function derive(entry: PackageEntry, text: string, { type, project }: Manifest): Derived | undefined {
  try {
    const definition = parseStored(text);
    const uses = parseStored(entry.uses);
    if (!isObject(definition) || !isUses(uses) || !isObject(parseStored(entry.translations))) return undefined;
    if (type === 'project_security') return deriveLinks(text, project?.id ?? '');
    return {
      references: referencesOf({ id: entry.id, type: entry.type, definition, uses }),
      contactsHash: contactsHash(entry.subtype, definition),
    };
  } catch {
    // Not JSON, nested too deep, or links without the members that links have.
    return undefined;
  }
}

function deriveLinks(text: string, projectId: string): Derived | undefined {
  const body = parseLinkBody(text, projectId);
  if (!body) return undefined;
  return { references: linkTargetsOf(body.links).map(({ id, type }) => ({ id, type })), contactsHash: null };
}

/** Hashes, comparisons and dumps rely on the one form in which texts are stored. */
function parseStored(text: string): JsonValue | undefined {
  const value = JSON.parse(text) as JsonValue;
  return canonicalText(value) === text ? value : undefined;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isUses(value: JsonValue | undefined): value is { id: string; type: number | null }[] {
  return Array.isArray(value) && value.every((use) => isObject(use) && typeof use['id'] === 'string' && isType(use));
}

const isType = ({ type }: JsonObject): boolean => type === null || Number.isInteger(type);

function isSameReferences(named: readonly Reference[], derived: readonly Reference[]): boolean {
  return listText(named) === listText(derived);
}

const listText = (references: readonly Reference[]): string =>
  references
    .map(({ id, type }) => `${id} ${type}`)
    .toSorted()
    .join();
