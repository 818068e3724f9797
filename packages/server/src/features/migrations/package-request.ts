import {
  AppError,
  type CreateMigrationBody,
  type EntryInput,
  type Ref,
  type SettingsInput,
  type SubError,
} from '@longshore/contracts';
import {
  findObjectType,
  isKnownSubtype,
  isPackable,
  parseObjectId,
  typeOfNumber,
  defaultSubtype,
  type PackagePurpose,
  type PackageType,
} from '@longshore/domain';
import type { PackageSettings, RequestedEntry } from './migration-jobs.ts';
import { readMergeOptions, settingsView } from './merge-settings.ts';
import { toRef } from './migration-mapper.ts';
import { requireOwnPurpose } from './require-own-purpose.ts';

/** A package as it was asked for: checked as far as that is possible without looking at the metadata. */
export interface PackageRequest {
  readonly type: PackageType;
  readonly purpose: PackagePurpose;
  readonly name: string;
  readonly environment: Ref;
  readonly settings: PackageSettings;
  readonly content: readonly RequestedEntry[];
  /** JSON text. */
  readonly treeView: string;
}

type PackageInput = NonNullable<CreateMigrationBody['packageInfo']>;

/**
 * Where content that cannot be packed is told: at once, or, as for a caller who asks for an asynchronous answer, in the
 * record, whose package then ends in `create_failed` (spec/api.md 2.7.1). Published workflows of the official client
 * rely on the second: one packs users into a project package, one packs nothing when nothing was modified.
 */
export type ContentProblems = 'refuse' | 'record';

/**
 * Reads `packageInfo` of a create call, mode A (spec/api.md 2.7.1).
 * @throws AppError `missing` or `invalid`; every object that cannot be in such a package is named in `subErrors`.
 */
export function readPackageRequest(input: PackageInput, problems: ContentProblems = 'refuse'): PackageRequest {
  const type = input.type ?? missing('packageInfo.type');
  const purpose = input.purpose ?? 'object_migration';
  requireOwnPurpose(purpose);
  const name = input.name?.trim() ? input.name : missing('packageInfo.name');
  if (!input.environment?.id) missing('packageInfo.environment');
  if (!input.tocView) missing('packageInfo.tocView');
  const content = input.tocView?.content ?? [];
  requireContent(content, { type, purpose, problems });
  if (type === 'project_security') requireLinkSettings(input.tocView?.settings, content);
  return {
    type,
    purpose,
    name,
    environment: toRef(input.environment),
    settings: resolveSettings(input.tocView?.settings, type, purpose),
    content: readContent(content, type, problems),
    treeView: treeViewText(input.treeView),
  };
}

/** The views of a package as they are until it is built. */
export function requestedViews({ settings, content, treeView }: PackageRequest): { tocView: string; treeView: string } {
  const view = { settings: settingsView(settings), ...(settings.merge ? {} : { content }) };
  return { tocView: JSON.stringify(view), treeView };
}

function missing(field: string): never {
  throw new AppError('missing', `The field ${field} is required and must not be empty.`);
}

/** A merge takes the whole project; everything else says what it takes. */
function requireContent(
  content: readonly EntryInput[],
  { type, purpose, problems }: { type: PackageType; purpose: PackagePurpose; problems: ContentProblems },
): void {
  if (purpose !== 'project_merge') {
    if (content.length === 0 && problems === 'refuse') missing('packageInfo.tocView.content');
    return;
  }
  if (type !== 'project') {
    throw new AppError('invalid', `packageInfo.type is '${type}', but a project merge is a package of type 'project'.`);
  }
  if (content.length > 0) {
    throw new AppError(
      'invalid',
      'packageInfo.tocView.content must be left out: a project merge takes every object of the source project.',
    );
  }
}

/** Links are neither created nor replaced as objects are, and need nothing to be brought along (spec/api.md 4.3). */
function requireLinkSettings(settings: SettingsInput | null | undefined, content: readonly EntryInput[]): void {
  if (settings?.aclOnReplacingObjects) throw notForLinks('settings.aclOnReplacingObjects');
  if (settings?.updateSchema && settings.updateSchema.length > 0) throw notForLinks('settings.updateSchema');
  const at = content.findIndex((entry) => entry.includeDependents);
  if (at >= 0) throw notForLinks(`content[${at}].includeDependents`);
}

const notForLinks = (field: string): AppError =>
  new AppError('invalid', `packageInfo.tocView.${field} has no meaning in a project_security package; leave it out.`);

/**
 * Settings with what the request left out filled in. Only a package of objects of a project updates a schema, and
 * links have no access control list.
 */
export function resolveSettings(
  input: SettingsInput | null | undefined,
  type: PackageType,
  purpose: PackagePurpose = 'object_migration',
): PackageSettings {
  const aclOnNew = input?.aclOnNewObjects ?? ['keep_acl_as_source_object'];
  return {
    updateSchema: type === 'project' ? [...new Set(input?.updateSchema ?? [])] : [],
    aclOnReplacingObjects: type === 'project_security' ? null : (input?.aclOnReplacingObjects ?? 'use_existing'),
    aclOnNewObjects: [...new Set([aclOnNew].flat())],
    defaultAction: input?.defaultAction ?? 'use_existing',
    ...(purpose === 'project_merge' ? { merge: readMergeOptions(input) } : {}),
  };
}

/** The tree view as the text that goes out again: a text that came in is kept, and not quoted once more. */
export function treeViewText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value ?? {});
}

/** Of entries with the same id the last one counts. */
function readContent(
  entries: readonly EntryInput[],
  packageType: PackageType,
  told: ContentProblems,
): RequestedEntry[] {
  const byId = new Map<string, RequestedEntry>();
  const problems: SubError[] = [];
  for (const [at, entry] of entries.entries()) {
    const id = parseObjectId(entry.id);
    const problem: EntryProblem | undefined =
      id === undefined
        ? { field: 'id', text: `'${entry.id}' is not 32 hex digits.` }
        : (findTypeProblem(entry, packageType, told) ?? findParentProblem(entry, packageType));
    if (problem !== undefined) problems.push(toSubError(entry, at, problem));
    else if (id !== undefined) byId.set(id, toEntry(id, entry));
  }
  const first = problems[0];
  if (first) throw new AppError('invalid', headline(first, problems.length), { subErrors: problems });
  return [...byId.values()];
}

function headline(first: SubError, count: number): string {
  return count === 1 ? first.message : `${first.message} ${count - 1} more objects cannot be packed; see subErrors.`;
}

/** What is wrong with one field of an entry. */
interface EntryProblem {
  readonly field: 'id' | 'type' | 'parentId';
  readonly text: string;
}

function toSubError(entry: EntryInput, at: number, { field, text }: EntryProblem): SubError {
  return {
    message: `packageInfo.tocView.content[${at}].${field}: ${text}`,
    additionalProperties: { objectId: entry.id, ...(entry.name ? { objectName: entry.name } : {}) },
  };
}

const labelOf = (entry: EntryInput): string => (entry.name ? `'${entry.name}' (${entry.id})` : entry.id);

function findTypeProblem(entry: EntryInput, packageType: PackageType, told: ContentProblems): EntryProblem | undefined {
  const type = typeOfNumber(entry.type);
  const subtype = entry.type >= 256 ? entry.type : defaultSubtype(type);
  const label = labelOf(entry);
  const known = findObjectType(type);
  if (!known || (entry.type >= 256 && !isKnownSubtype(type, subtype))) {
    return { field: 'type', text: `The object ${label} has type ${entry.type}, which is not an object type.` };
  }
  if (told === 'record' || isPackable(type, subtype, packageType)) return undefined;
  const other = packageType === 'project' ? 'configuration' : 'project';
  const advice = isPackable(type, subtype, other) ? ` Put it into a ${other} package.` : '';
  const text = `The object ${label} of type ${type} (${known.name}) cannot be in a ${packageType} package.${advice}`;
  return { field: 'type', text };
}

function findParentProblem(entry: EntryInput, packageType: PackageType): EntryProblem | undefined {
  const label = labelOf(entry);
  if (!entry.parentId) return undefined;
  if (packageType !== 'project') {
    return {
      field: 'parentId',
      text: `The object ${label} has a parentId, which a ${packageType} package cannot have.`,
    };
  }
  if (parseObjectId(entry.parentId)) return undefined;
  return { field: 'parentId', text: `'${entry.parentId}' is not 32 hex digits.` };
}

function toEntry(id: string, entry: EntryInput): RequestedEntry {
  const parentId = parseObjectId(entry.parentId ?? '');
  return {
    id,
    type: typeOfNumber(entry.type),
    ...(entry.name ? { name: entry.name } : {}),
    ...(entry.version ? { version: entry.version } : {}),
    ...(entry.action ? { action: entry.action } : {}),
    includeDependents: entry.includeDependents ?? false,
    ...(parentId === undefined ? {} : { parentId }),
  };
}
