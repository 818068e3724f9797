import { AppError, type PackageObjects } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import type { OpenPackage } from '@longshore/package-file';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { SHOWN_TYPES, shownDefinition } from './holder-definition.ts';
import { getReady, openFile } from './holder-files.service.ts';
import { contentOf, withPackage } from './package-entries.ts';

export interface GetHolderObjects extends HolderCall {
  readonly packageId: string;
  readonly objectIds: readonly string[];
}

/** Definitions that one call shows; more would be held in memory at once. */
const MAX_OBJECTS = 1000;

/**
 * Use case: the definitions of some objects of a package, as they are frozen in it.
 * @throws AppError `notFound`, `missing`, `invalid` for objects whose definitions are not shown
 */
export async function getHolderObjects(deps: HolderDeps, call: GetHolderObjects): Promise<PackageObjects> {
  const ids = readIds(call.objectIds);
  const holder = await getReady(deps, call);
  if (holder.type !== 'project' || holder.kind !== 'package') {
    const what = holder.kind === 'undo' ? 'an undo package' : `of type '${holder.type}'`;
    throw new AppError('invalid', `The package is ${what}; definitions are shown of packages of type 'project' only.`);
  }
  const missing = `The file of package ${call.packageId} is not in the shared file store.`;
  const { stream } = await openFile(deps, holder.storagePath, missing);
  const found = await withPackage(stream, (opened) => findObjects(opened, ids));
  const { platformVersion } = deps.options;
  return {
    objects: [...ids].map((id) => found.get(id) ?? notInPackage(id)),
    versions: { webVersion: platformVersion, modelingVersion: platformVersion, iServerVersion: platformVersion },
  };
}

type ShownObject = PackageObjects['objects'][number];

/** Reads no further than it has to. */
async function findObjects(opened: OpenPackage, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, ShownObject>> {
  const found = new Map<string, ShownObject>();
  for await (const { entry, body } of contentOf(opened)) {
    if (!ids.has(entry.id) || entry.absent) continue;
    requireShown(entry);
    found.set(entry.id, { id: entry.id, type: entry.type, definition: shownDefinition(entry, body) });
    if (found.size === ids.size) break;
  }
  return found;
}

function readIds(texts: readonly string[]): ReadonlySet<string> {
  if (texts.length === 0) throw new AppError('missing', 'The query parameter id with the object ids is required.');
  if (texts.length > MAX_OBJECTS) {
    throw new AppError('invalid', `The query names ${texts.length} objects; at most ${MAX_OBJECTS} are shown at once.`);
  }
  return new Set(
    texts.map((text) => {
      const id = parseObjectId(text);
      if (id !== undefined) return id;
      throw new AppError('invalid', `The id '${text.slice(0, 100)}' is not 32 hex digits.`);
    }),
  );
}

function requireShown({ id, type, name }: { id: string; type: number; name: string }): void {
  if (SHOWN_TYPES.has(type)) return;
  throw new AppError(
    'invalid',
    `The object '${name}' (${id}) has type ${type}; definitions are shown of attributes (12), facts (13), hierarchies (14) and tables (15).`,
  );
}

function notInPackage(id: string): never {
  throw new AppError('notFound', `The object ${id} is not in the package.`);
}
