import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TocEntry, TocSettings, TocView } from '@longshore/client';
import { UsageError } from '../exit-codes.ts';
import type { ContentValues } from './migrate-options.ts';

/** Nothing on the target changes unless the caller says so. */
const CAUTIOUS: Required<TocSettings> = {
  updateSchema: [],
  aclOnReplacingObjects: 'use_existing',
  aclOnNewObjects: ['keep_acl_as_source_object'],
  defaultAction: 'use_existing',
};

/**
 * What to pack and by which rules: the file of `--config`, then `--content` and `--object` added, then single settings
 * over those of the file.
 * @throws UsageError when there is nothing to pack, or a file is not as expected
 */
export function readTocView(values: ContentValues, cwd: string): TocView {
  const file = values.config === undefined ? {} : readWhole(resolve(cwd, values.config));
  const listed = values.content === undefined ? [] : readContent(resolve(cwd, values.content));
  const content = [...(file.content ?? []), ...listed, ...(values.object ?? [])];
  if (content.length === 0) {
    throw new UsageError(
      'What shall be moved? Give --object ID:TYPE, --content FILE, --config FILE or --reuse PACKAGEID.',
    );
  }
  return { settings: { ...CAUTIOUS, ...file.settings, ...givenSettings(values) }, content };
}

function givenSettings(values: ContentValues): TocSettings {
  const { defaultAction, aclReplacing, aclNew, updateSchema } = values;
  return {
    ...(defaultAction === undefined ? {} : { defaultAction }),
    ...(aclReplacing === undefined ? {} : { aclOnReplacingObjects: aclReplacing }),
    ...(aclNew === undefined ? {} : { aclOnNewObjects: aclNew }),
    ...(updateSchema === undefined ? {} : { updateSchema }),
  };
}

function readWhole(path: string): TocView {
  const value = readJson(path);
  if (!isObject(value)) throw new UsageError(`${path}: expected a tocView, an object with settings and content.`);
  const { settings, content } = value;
  if (settings !== undefined && !isObject(settings)) throw new UsageError(`${path}: settings must be an object.`);
  return {
    ...(settings === undefined ? {} : { settings }),
    ...(content === undefined ? {} : { content: entries(content, path) }),
  };
}

/** The entries alone, or inside an object with `content`. */
function readContent(path: string): readonly TocEntry[] {
  const value = readJson(path);
  return entries(isObject(value) ? value['content'] : value, path);
}

function entries(value: unknown, path: string): readonly TocEntry[] {
  if (!Array.isArray(value)) throw new UsageError(`${path}: content must be a list of entries with id and type.`);
  const wrong = value.findIndex((entry) => !isEntry(entry));
  if (wrong >= 0) throw new UsageError(`${path}: content entry ${wrong + 1} needs an id (text) and a type (number).`);
  return value as TocEntry[];
}

const isEntry = (value: unknown): boolean =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['type'] === 'number';

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The file ${path} cannot be read.`, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${error instanceof Error ? error.message : ''}`, error);
  }
}
