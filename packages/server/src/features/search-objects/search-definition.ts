import {
  AppError,
  DATE_FILTER_TYPES,
  SEARCH_SCOPES,
  SEARCH_VISIBILITIES,
  type SearchConditions,
} from '@longshore/contracts';
import { parseObjectId, type JsonObject } from '@longshore/domain';

/**
 * A saved search as its definition holds it: the conditions as the API names them, but for folders, which are
 * references, so that they travel with the search and are found by whoever asks what uses them.
 */

/** @throws AppError `invalid` naming the condition that is no id or no known word */
export function toDefinition({ root, excludedFolders, ...conditions }: SearchConditions): JsonObject {
  return {
    ...conditions,
    ...word('dateFilterType', conditions.dateFilterType, DATE_FILTER_TYPES),
    ...word('visibility', conditions.visibility, SEARCH_VISIBILITIES),
    ...word('scope', conditions.scope, SEARCH_SCOPES),
    ...(conditions.ownerId === undefined ? {} : { ownerId: idOf('ownerId', conditions.ownerId) }),
    ...(root === undefined ? {} : { rootFolder: folder('root', root) }),
    ...(excludedFolders === undefined
      ? {}
      : { excludedFolders: excludedFolders.map((id) => folder('excludedFolders', id)) }),
  };
}

/** The conditions of a definition; what is not in the form that the API has is left out. */
export function toConditions(definition: JsonObject): SearchConditions {
  const { rootFolder, excludedFolders, ...rest } = definition;
  const known = Object.entries(rest).filter(([name, value]) => isText(name, value) || isOther(name, value));
  const root = folderId(rootFolder);
  return {
    ...Object.fromEntries(known),
    ...(root === undefined ? {} : { root }),
    ...(Array.isArray(excludedFolders)
      ? { excludedFolders: excludedFolders.map(folderId).filter((id) => id !== undefined) }
      : {}),
  };
}

const TEXTS = new Set(['nameQuery', 'descriptionQuery', 'dateFilterType', 'ownerId', 'visibility', 'scope']);

const isText = (name: string, value: unknown): boolean => TEXTS.has(name) && typeof value === 'string';

function isOther(name: string, value: unknown): boolean {
  if (name === 'types' || name === 'subtypes') return Array.isArray(value) && value.every((v) => typeof v === 'string');
  if (name === 'includeSubfolders') return typeof value === 'boolean';
  if (name === 'localeId') return Number.isSafeInteger(value);
  return name === 'timeRange' && typeof value === 'object' && value !== null && !Array.isArray(value);
}

function folderId(reference: unknown): string | undefined {
  if (typeof reference !== 'object' || reference === null || !('objectId' in reference)) return undefined;
  return typeof reference.objectId === 'string' ? reference.objectId : undefined;
}

const folder = (field: string, id: string): JsonObject => ({ objectId: idOf(field, id), subType: 'folder' });

function idOf(field: string, value: string): string {
  const id = parseObjectId(value);
  if (id !== undefined) return id;
  throw new AppError('invalid', `Invalid value: ${field} must be an id of 32 hex digits.`);
}

function word(field: string, value: string | undefined, known: readonly string[]): JsonObject {
  if (value === undefined) return {};
  const found = known.find((candidate) => candidate === value.toUpperCase());
  if (found !== undefined) return { [field]: found };
  throw new AppError('invalid', `Invalid value: ${field} must be one of ${known.join(', ')}.`);
}
