import {
  ApiError,
  isSameLibrary,
  type ImportTarget,
  type LibraryClient,
  type Migration,
  type NamedRef,
} from '@longshore/client';
import type { PackageType } from '@longshore/domain';
import { FailedError } from '../exit-codes.ts';
import type { MigrateResult } from '../output/results.ts';
import { bytesText, counted } from '../output/results.ts';
import { STAGES, tellState, waitForStage, type Walk } from './journey.ts';
import { undoImport } from './undo-import.ts';
import type { TocView } from '@longshore/client';

/** A package to make, or one that is there already. */
export type PackageOrder =
  | { readonly kind: 'new'; readonly name: string; readonly tocView: TocView }
  | { readonly kind: 'reuse'; readonly packageId: string };

/** What a whole walk is to do. */
export interface MigrationOrder {
  readonly type: Extract<PackageType, 'project' | 'configuration'>;
  readonly order: PackageOrder;
  /** Both null for a configuration package. */
  readonly sourceProject: NamedRef | null;
  readonly targetProject: NamedRef | null;
  readonly undoPackage: 'generate' | 'none';
  readonly afterwards: readonly ('undo' | 'delete')[];
  /** Asked when the package is there and nothing is approved yet; throws to stop the walk there. */
  readonly confirm?: (record: Migration) => Promise<void>;
}

export interface Sides {
  readonly source: LibraryClient;
  readonly target: LibraryClient;
}

/**
 * The walk of the seed between two servers that never call each other: create, approve, carry the record over, import,
 * and what is wanted afterwards. Calls that change something are never cut off, only waits are: after an interruption
 * it is known what has been asked for.
 */
export async function runMigration(order: MigrationOrder, sides: Sides, walk: Walk): Promise<MigrateResult> {
  const created = await makePackage(order, sides, walk);
  if (order.confirm) await order.confirm(await sides.source.migrations.get(created.id, { show: 'all' }));
  await approve(created, sides.source, walk);
  const record = await sides.source.migrations.get(created.id, { show: 'all', signal: walk.signal });
  const imported = await importPackage(record, order, sides.target, walk);
  const last = order.afterwards.includes('undo') ? await undoImport(created.id, sides.target, walk) : imported;
  const deletedOn = order.afterwards.includes('delete') ? await deleteOnBoth(record, sides, walk) : [];
  return { command: 'migrate', source: sides.source.libraryUrl, ...resultOf(record, last, sides.target), deletedOn };
}

/** Has the package made, and waits for it. @throws FailedError when that fails */
export async function makePackage(order: MigrationOrder, { source, target }: Sides, walk: Walk): Promise<Migration> {
  const importInfo: ImportTarget = {
    environment: environmentOf(target),
    ...(order.targetProject === null ? {} : { project: order.targetProject }),
  };
  const options = { projectId: order.sourceProject?.id };
  walk.signal.throwIfAborted();
  const short =
    order.order.kind === 'reuse'
      ? await source.migrations.reuse(order.order.packageId, importInfo, options)
      : await source.migrations.create(newPackage(order.type, order.order, source, importInfo), options);
  walk.journey.phase = 'create';
  tellState(walk, STAGES.create, short);
  const record = STAGES.create.isResting(short) ? short : await waitForStage(walk, source, STAGES.create);
  walk.journey.phase = null;
  if (record.packageInfo.status === 'created' || record.packageInfo.status === 'locked') return record;
  const why = record.packageInfo.message || `it is ${record.packageInfo.status}`;
  throw new FailedError(`The package could not be made on ${source.libraryUrl}: ${why}`);
}

const newPackage = (
  type: MigrationOrder['type'],
  { name, tocView }: Extract<PackageOrder, { kind: 'new' }>,
  source: LibraryClient,
  importInfo: ImportTarget,
) => ({ packageInfo: { type, name, environment: environmentOf(source), tocView, treeView: {} }, importInfo });

/** A package that has been imported before is locked and approved for good. */
async function approve(record: Migration, source: LibraryClient, walk: Walk): Promise<void> {
  if (record.packageInfo.status === 'locked') return;
  for (const importRequestStatus of ['requested', 'approved'] as const) {
    walk.signal.throwIfAborted();
    const short = await source.migrations.patch(record.id, { importInfo: { importRequestStatus } });
    tellState(walk, STAGES.create, short, `import ${importRequestStatus}`);
  }
}

async function importPackage(
  record: Migration,
  order: MigrationOrder,
  target: LibraryClient,
  walk: Walk,
): Promise<Migration> {
  const { undoPackage, targetProject } = order;
  for (const { message } of record.packageInfo.warnings ?? []) walk.emit({ kind: 'warning', message });
  walk.signal.throwIfAborted();
  const short = await target.migrations.import(record, { projectId: targetProject?.id, undoPackage });
  walk.journey.phase = 'import';
  tellState(walk, STAGES.import, short, describePackage(record));
  const imported = STAGES.import.isResting(short) ? short : await waitForStage(walk, target, STAGES.import);
  walk.journey.phase = null;
  if (imported.importInfo.status === 'imported') return imported;
  const why = imported.importInfo.message || `it is ${imported.importInfo.status}`;
  throw new FailedError(`The import failed on ${target.libraryUrl}; nothing has changed there. ${why}`);
}

function describePackage({ packageInfo }: Migration): string {
  const objects = counted(packageInfo.tocView?.content?.length ?? 0, 'object');
  return packageInfo.storage?.size === undefined ? objects : `${objects}, ${bytesText(packageInfo.storage.size)}`;
}

async function deleteOnBoth(
  { packageInfo }: Migration,
  { source, target }: Sides,
  walk: Walk,
): Promise<readonly string[]> {
  walk.signal.throwIfAborted();
  return deletePackages(
    packageInfo.id,
    isSameLibrary(source.libraryUrl, target.libraryUrl) ? [source] : [source, target],
  );
}

/** @returns the servers on which it is deleted now */
export async function deletePackages(packageId: string, clients: readonly LibraryClient[]): Promise<readonly string[]> {
  for (const client of clients) {
    try {
      await client.migrations.deletePackage(packageId);
    } catch (error) {
      // Gone already is what was wanted, but on the first side it would be a surprise.
      if (client === clients[0] || !(error instanceof ApiError && error.status === 404)) throw error;
    }
  }
  return clients.map((client) => client.libraryUrl);
}

/** The part of a result that follows from the records of both sides. */
export function resultOf(
  source: Migration,
  target: Migration,
  client: LibraryClient,
): Omit<MigrateResult, 'command' | 'deletedOn'> {
  const { packageInfo } = source;
  const { importInfo } = target;
  const { content } = packageInfo.tocView ?? {};
  return {
    id: target.id,
    target: client.libraryUrl,
    package: {
      id: packageInfo.id,
      status: packageInfo.status,
      ...(packageInfo.name === undefined ? {} : { name: packageInfo.name }),
      ...(content === undefined ? {} : { objects: content.length }),
      ...(packageInfo.storage?.size === undefined ? {} : { size: packageInfo.storage.size }),
    },
    import: {
      id: importInfo.id,
      status: importInfo.status,
      ...(importInfo.message ? { message: importInfo.message } : {}),
      undoPackage: importInfo.undoStorage?.path === undefined ? 'absent' : 'present',
    },
    warnings: (packageInfo.warnings ?? []).map(({ message }) => message),
  };
}

/** The URL is the id of an environment, and every client has to spell it alike (spec/api.md 1.11). */
const environmentOf = (client: LibraryClient): NamedRef => ({ id: client.libraryUrl, name: client.libraryUrl });
