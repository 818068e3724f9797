import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpLine, projectOf, scopeOf, WELL_KNOWN, type MetadataObject, type PackageType } from '@longshore/domain';
import { readPackage } from '@longshore/package-file';
import { dropDatabases, locationOf } from '../builders/databases.ts';
import { METADATA_MIGRATIONS } from '../../packages/server/src/platform/db/metadata-tables.ts';
import {
  openConnection,
  openDatabase,
  type Connection,
  type Database,
} from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { rolledBack } from '../../packages/server/src/platform/db/rolled-back.ts';
import { FilesystemStore } from '../../packages/server/src/platform/files/filesystem-store.ts';
import { bodyHash } from '../../packages/server/src/platform/hash.ts';
import { packagePath, parseStorePath, undoPath } from '../../packages/server/src/platform/files/store-path.ts';
import { toObjectRecord } from '../../packages/server/src/features/objects/object-rows.ts';
import { objectWriter } from '../../packages/server/src/features/objects/object-writer.repository.ts';
import { contentText } from '../../packages/server/src/features/migrations/content-pieces.ts';
import {
  createPackage,
  type CreatePackageParts,
} from '../../packages/server/src/features/migrations/create/create-package.service.ts';
import { applyPlan } from '../../packages/server/src/features/migrations/import/apply.repository.ts';
import {
  importPackage,
  stageImport,
  type ImportParts,
} from '../../packages/server/src/features/migrations/import/import-package.service.ts';
import { validatePackage } from '../../packages/server/src/features/migrations/import/validate-package.service.ts';
import { undoImport } from '../../packages/server/src/features/migrations/undo/undo-import.service.ts';
import type {
  ContentEntry,
  CreateJob,
  CreateResult,
  ImportJob,
  ImportOrder,
  ImportResult,
  PackageSettings,
  RequestedEntry,
  UndoResult,
  ValidateJob,
  ValidateResult,
} from '../../packages/server/src/features/migrations/migration-jobs.ts';

export const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
export const NOW = '2026-01-02T03:04:05.000+0000';

/** An id that is easy to read in a failing test: the text in hex, filled up. */
export function idOf(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().padEnd(32, '0').slice(0, 32);
}

export interface PackageRequest {
  readonly content: readonly (Partial<RequestedEntry> & { id: string; type: number })[];
  readonly settings?: Partial<PackageSettings>;
  readonly type?: PackageType;
  readonly caller?: Partial<CreateJob['caller']>;
  readonly maxBytes?: number;
}

/** A package that was made, as an import names it. */
export interface MadePackage {
  readonly packageId: string;
  readonly storagePath: string;
  readonly type: PackageType;
  readonly result: Omit<CreateResult, 'content'> & { readonly content: readonly ContentEntry[] };
}

/** How an import gets its connection; tests put one in between that fails. */
export type Connect = (location: string) => Promise<Connection<MetadataTables>>;

const connectPlainly: Connect = (location) => openConnection(location, { mode: 'writer', busyTimeout: 1000 });

/** One environment without HTTP: a real database, a real file store, and the engine. */
export class EngineEnvironment {
  readonly files: FilesystemStore;
  readonly metadata: Database<MetadataTables>;
  readonly #name: string;
  #made = 0;

  constructor(name: string, parts: { files: FilesystemStore; metadata: Database<MetadataTables> }) {
    this.#name = name;
    this.files = parts.files;
    this.metadata = parts.metadata;
  }

  async put(...objects: readonly MetadataObject[]): Promise<void> {
    await this.metadata.write(async (tx) => {
      const records = objects.map(toObjectRecord);
      for (const record of records) await objectWriter(tx).put(record);
      for (const scope of new Set(records.map(({ row }) => row.scope))) await objectWriter(tx).bumpRevision(scope);
    });
  }

  async remove(id: string, projectId: string | null = PROJECT): Promise<void> {
    const scope = scopeOf(projectId);
    await this.metadata.write(async (tx) => {
      await objectWriter(tx).remove({ scope, id });
      await objectWriter(tx).bumpRevision(scope);
    });
  }

  /** The whole repository as dump lines, ordered. */
  async dump(): Promise<string[]> {
    const rows = await this.metadata.reader
      .selectFrom('object')
      .innerJoin('object_body', (join) =>
        join.onRef('object_body.scope', '=', 'object.scope').onRef('object_body.id', '=', 'object.id'),
      )
      .innerJoin('acl', 'acl.id', 'object.acl_id')
      .selectAll('object')
      .select(['object_body.definition', 'object_body.translations', 'object_body.uses', 'acl.entries'])
      .orderBy('object.scope')
      .orderBy('object.type')
      .orderBy('object.id')
      .execute();
    return rows.map((row) =>
      dumpLine({
        projectId: projectOf(row.scope),
        id: row.id,
        type: row.type,
        subtype: row.subtype,
        name: row.name,
        description: row.description,
        abbreviation: row.abbreviation,
        parentId: row.parent_id,
        ownerId: row.owner_id,
        version: row.version,
        dateCreated: row.date_created,
        dateModified: row.date_modified,
        hidden: row.hidden === 1,
        acl: row.entries,
        definition: row.definition,
        translations: row.translations,
        uses: row.uses,
      }),
    );
  }

  /** References as the repository keeps them; they must follow the definitions through import and undo. */
  async references(): Promise<string[]> {
    const rows = await this.metadata.reader.selectFrom('object_reference').selectAll().execute();
    return rows.map((row) => `${row.scope} ${row.from_id} ${row.to_id} ${row.to_type}`).toSorted();
  }

  /** Ids of objects whose stored hash is not the one of their body: none, whatever was done. */
  async findWrongHashes(): Promise<string[]> {
    const rows = await this.metadata.reader
      .selectFrom('object')
      .innerJoin('object_body', (join) =>
        join.onRef('object_body.scope', '=', 'object.scope').onRef('object_body.id', '=', 'object.id'),
      )
      .select([
        'object.id',
        'object.body_hash',
        'object_body.definition',
        'object_body.translations',
        'object_body.uses',
      ])
      .execute();
    return rows
      .filter((row) => row.body_hash !== bodyHash(row.definition, row.translations, row.uses))
      .map((row) => row.id);
  }

  async find(id: string, projectId: string | null = PROJECT): Promise<MetadataTables['object'] | undefined> {
    return this.metadata.reader
      .selectFrom('object')
      .selectAll()
      .where('scope', '=', scopeOf(projectId))
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** The job that makes a package. */
  #createJob(request: PackageRequest): CreateJob {
    const type = request.type ?? 'project';
    const packageId = this.#nextId('PACKAGE');
    return {
      kind: 'create',
      packageId,
      importId: this.#nextId('IMPORT'),
      type,
      purpose: request.settings?.merge ? 'project_merge' : 'object_migration',
      name: 'A package',
      createdAt: NOW,
      caller: {
        id: WELL_KNOWN.administrator,
        name: 'Administrator',
        principalIds: [],
        bypassesSecurity: true,
        ...request.caller,
      },
      environment: { id: this.#name, name: this.#name },
      project: type === 'configuration' ? null : { id: PROJECT, name: 'MicroStrategy Tutorial' },
      settings: {
        updateSchema: [],
        aclOnReplacingObjects: 'replace',
        aclOnNewObjects: ['keep_acl_as_source_object'],
        defaultAction: 'replace',
        ...request.settings,
      },
      content: request.content.map((entry) => ({ includeDependents: false, ...entry })),
      storagePath: packagePath('2026-01-02', packageId),
      maxBytes: request.maxBytes ?? 2 ** 31,
    };
  }

  async create(
    request: PackageRequest,
    work: (job: CreateJob, parts: CreatePackageParts) => Promise<CreateResult> = createPackage,
  ): Promise<MadePackage> {
    const job = this.#createJob(request);
    const connection = await openConnection<MetadataTables>(this.metadata.location, {
      mode: 'reader',
      busyTimeout: 1000,
    });
    try {
      const result = await connection.transaction((snapshot) =>
        work(job, { snapshot, files: this.files, onProgress: () => undefined }),
      );
      const content = JSON.parse(contentText(result.content)) as ContentEntry[];
      const { packageId, storagePath, type } = job;
      return { packageId, storagePath, type, result: { ...result, content } };
    } finally {
      await connection.close();
    }
  }

  /** The lines of a package of the store. */
  async readPackage(storagePath: string): Promise<{ header: string; body: string }[]> {
    const { stream } = await this.files.openRead(parseStorePath(storagePath));
    const file = await readPackage(stream);
    return (await Array.fromAsync(file.batches())).flat();
  }

  async import(
    made: MadePackage,
    changes: Partial<ImportJob> = {},
    connect: Connect = connectPlainly,
    onProgress: ImportParts['onProgress'] = () => undefined,
  ): Promise<ImportResult & { importId: string }> {
    const importId = changes.importId ?? this.#nextId('IMPORT');
    const job: ImportJob = {
      kind: 'import',
      ...orderOf(made, importId),
      generateUndo: true,
      undoPath: undoPath(made.packageId, importId),
      ...changes,
    };
    const run = (parts: ImportParts): Promise<ImportResult> => importPackage(job, { ...parts, onProgress });
    return { ...(await this.#withParts(run, connect)), importId };
  }

  async validate(
    made: MadePackage,
    changes: Partial<ValidateJob> = {},
    connect: Connect = connectPlainly,
  ): Promise<ValidateResult> {
    const job: ValidateJob = {
      kind: 'validate',
      ...orderOf(made, this.#nextId('IMPORT')),
      run: 'a run',
      ...changes,
    };
    return this.#withParts((parts) => validatePackage(job, parts), connect);
  }

  /** How many objects have which outcome, as a plan finds it: through a connection that can only read. */
  plan(made: MadePackage): Promise<Record<string, number>> {
    const order = orderOf(made, this.#nextId('IMPORT'));
    return this.#withParts(
      async (parts) => {
        const run = await stageImport(order, parts, 'all');
        return rolledBack(parts.db, async (tx) => {
          await run.plan(tx);
          return applyPlan(tx, run.scope).countOutcomes();
        });
      },
      (location) => openConnection(location, { mode: 'snapshot', busyTimeout: 1000 }),
    );
  }

  async undo(
    made: MadePackage,
    importId: string,
    { connect = connectPlainly, projectId = PROJECT }: { connect?: Connect; projectId?: string } = {},
  ): Promise<UndoResult> {
    const run = (parts: ImportParts): Promise<UndoResult> =>
      undoImport(
        {
          kind: 'undo',
          packageId: made.packageId,
          importId,
          undoPath: undoPath(made.packageId, importId),
          caller: { id: WELL_KNOWN.administrator, name: 'Administrator', principalIds: [], bypassesSecurity: true },
          projectId: made.type === 'configuration' ? null : projectId,
        },
        parts,
      );
    return this.#withParts(run, connect);
  }

  async #withParts<T>(work: (parts: ImportParts) => Promise<T>, connect: Connect): Promise<T> {
    const db = await connect(this.metadata.location);
    const environment = { id: this.#name, name: this.#name };
    try {
      return await work({ db, files: this.files, environment, now: () => NOW, onProgress: () => undefined });
    } finally {
      await db.close();
    }
  }

  #nextId(kind: string): string {
    this.#made += 1;
    return idOf(`${this.#name}${kind}${this.#made}`);
  }
}

/** An import of a package by the Administrator. */
const orderOf = (made: MadePackage, importId: string): ImportOrder => ({
  packageId: made.packageId,
  importId,
  storagePath: made.storagePath,
  storageSize: made.result.size,
  type: made.type,
  caller: { id: WELL_KNOWN.administrator, name: 'Administrator', principalIds: [], bypassesSecurity: true },
  projectId: made.type === 'configuration' ? null : PROJECT,
  nameClash: 'rename',
});

export interface EnvironmentPair extends AsyncDisposable {
  readonly source: EngineEnvironment;
  readonly target: EngineEnvironment;
}

/** Two environments that share one store, each with an empty project and the built-in Administrator. */
export async function anEnvironmentPair(): Promise<EnvironmentPair> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-engine-'));
  const open = async (name: string): Promise<EngineEnvironment> => {
    const metadata = await openDatabase<MetadataTables>({
      location: await locationOf(folder, 'metadata', name),
      migrations: METADATA_MIGRATIONS,
      lockPatience: 1000,
    });
    const files = new FilesystemStore({ location: folder, instanceId: idOf(name).toLowerCase() });
    const environment = new EngineEnvironment(name, { files, metadata });
    await seed(environment);
    return environment;
  };
  const source = await open('dev');
  const target = await open('prod');
  return {
    source,
    target,
    async [Symbol.asyncDispose]() {
      await source.metadata.close();
      await target.metadata.close();
      await dropDatabases(folder, 'dev');
      await dropDatabases(folder, 'prod');
      await rm(folder, { recursive: true });
    },
  };
}

async function seed(environment: EngineEnvironment): Promise<void> {
  await environment.metadata.write(async (tx) => {
    await tx
      .insertInto('project')
      .values({
        id: PROJECT,
        name: 'MicroStrategy Tutorial',
        alias: '',
        description: '',
        owner_id: WELL_KNOWN.administrator,
        date_created: NOW,
        date_modified: NOW,
      })
      .execute();
  });
  await environment.put(
    anObject({ id: WELL_KNOWN.projectRoot, type: 8, name: 'MicroStrategy Tutorial', parentId: null }),
    anObject({ id: WELL_KNOWN.publicObjects, type: 8, name: 'Public Objects', parentId: WELL_KNOWN.projectRoot }),
    aUser({ id: WELL_KNOWN.administrator, name: 'Administrator', abbreviation: 'administrator' }),
    aUser({ id: WELL_KNOWN.everyone, name: 'Everyone', subtype: 8705 }),
  );
}

export function anObject(fields: Partial<MetadataObject> & { id: string; type: number }): MetadataObject {
  return {
    projectId: PROJECT,
    subtype: fields.type * 256,
    name: `Object ${fields.id}`,
    description: '',
    abbreviation: '',
    parentId: WELL_KNOWN.publicObjects,
    ownerId: WELL_KNOWN.administrator,
    version: idOf('V1'),
    dateCreated: '2020-01-01T00:00:00.000+0000',
    dateModified: '2020-01-01T00:00:00.000+0000',
    hidden: false,
    acl: [{ trusteeId: WELL_KNOWN.everyone, rights: 199, deny: false, inheritable: false }],
    definition: { information: { objectId: fields.id } },
    uses: [],
    translations: {},
    ...fields,
  };
}

export function aUser(fields: Partial<MetadataObject> & { id: string }): MetadataObject {
  return anObject({ type: 34, subtype: 8704, projectId: null, parentId: null, acl: [], definition: {}, ...fields });
}
