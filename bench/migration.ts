import { randomBytes } from 'node:crypto';
import type { Migration } from '@longshore/client';
import { DASHBOARD_TYPE, PROJECT, ROOT_ID } from './data.ts';
import type { BenchServer } from './server.ts';

/** The steps of a migration over HTTP, each until its record tells the end. */

/** Polls so often that the wait adds little to the time, and so seldom that answering it takes little of the server. */
const BACKOFF = { firstMs: 5, factor: 1.2, longestMs: 50 };

interface NamedProject {
  readonly id: string;
  readonly name: string;
}

interface Wanted {
  readonly id: string;
  readonly type: number;
}

/** A package of the object that needs everything, with all that it needs. */
export const createPackage = (source: BenchServer, project: NamedProject = PROJECT): Promise<Migration> =>
  create(source, project, [{ id: ROOT_ID, type: DASHBOARD_TYPE, action: 'replace', includeDependents: true }]);

/** A package of some objects, and of nothing that they need. */
export const createPackageOf = (source: BenchServer, objects: readonly Wanted[]): Promise<Migration> =>
  create(
    source,
    PROJECT,
    objects.map(({ id, type }) => ({ id, type, action: 'replace', includeDependents: false })),
  );

async function create(source: BenchServer, project: NamedProject, content: readonly object[]): Promise<Migration> {
  const environment = { id: source.url, name: 'source' };
  const { id } = await source.client.migrations.create(
    {
      packageInfo: {
        type: 'project',
        name: 'Benchmark',
        environment,
        tocView: {
          settings: {
            updateSchema: [],
            aclOnReplacingObjects: 'replace',
            aclOnNewObjects: ['keep_acl_as_source_object'],
            defaultAction: 'replace',
          },
          content,
        },
        treeView: {},
      },
      importInfo: { environment: { id: 'target', name: 'target' }, project },
    } as never,
    { projectId: project.id },
  );
  const record = await source.client.migrations.waitFor(id, (r) => r.packageInfo.status !== 'creating', {
    backoff: BACKOFF,
  });
  requireEnd(record, record.packageInfo.status === 'created', record.packageInfo.message);
  return record;
}

/** The record of a package as its approved import is sent to the target. */
export async function approve(source: BenchServer, { id }: Migration): Promise<Migration> {
  await source.client.migrations.patch(id, { importInfo: { importRequestStatus: 'requested' } });
  await source.client.migrations.patch(id, { importInfo: { importRequestStatus: 'approved' } });
  return source.client.migrations.get(id);
}

/** The same package under another import id, for a further import into the same target. */
export function furtherImport(record: Migration): Migration {
  const importId = randomBytes(16).toString('hex').toUpperCase();
  const [packageId = ''] = record.id.split(':');
  return {
    ...record,
    id: `${packageId}:${importId}`,
    importInfo: { ...record.importInfo, id: importId },
  };
}

const targetOf = (record: Migration): string => record.importInfo.project?.id ?? PROJECT.id;

export async function importPackage(target: BenchServer, record: Migration): Promise<Migration> {
  await target.client.migrations.import(record, { projectId: targetOf(record), undoPackage: 'generate' });
  const imported = await target.client.migrations.waitFor(record.id, (r) => r.importInfo.status !== 'importing', {
    backoff: BACKOFF,
  });
  requireEnd(imported, imported.importInfo.status === 'imported', imported.importInfo.message);
  return imported;
}

export async function undoImport(target: BenchServer, record: Migration): Promise<Migration> {
  const { id } = record;
  await target.client.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } });
  await target.client.migrations.patch(
    id,
    { importInfo: { undoRequestStatus: 'approved' } },
    { projectId: targetOf(record) },
  );
  const undone = await target.client.migrations.waitFor(id, (r) => r.importInfo.status !== 'undoing', {
    backoff: BACKOFF,
  });
  requireEnd(undone, undone.importInfo.status === 'undo_success', undone.importInfo.message);
  return undone;
}

function requireEnd(record: Migration, isGood: boolean, message: string | undefined): void {
  if (!isGood) throw new Error(`${record.id} ended badly: ${message ?? 'without a message'}`);
}
