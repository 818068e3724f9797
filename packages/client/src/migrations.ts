import { poll, type Backoff, type Sleep } from './polling.ts';
import type {
  Certification,
  CreateMigrationBody,
  EditPackageBody,
  ImportTarget,
  Migration,
  MigrationPage,
  MigrationPatch,
  ShowContent,
} from './records.ts';
import type { Transport } from './transport.ts';

export interface ProjectCallOptions {
  /** Project of the call; absent for configuration packages. */
  readonly projectId?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions {
  readonly offset?: number;
  /** Up to 1000; the server takes 100 when absent. */
  readonly limit?: number;
  readonly purposes?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with every record that was read. */
  readonly onPoll?: (record: Migration) => void;
  readonly backoff?: Backoff;
}

/** An uploaded file and where it is to go. */
export interface UploadedPackage extends ImportTarget {
  readonly fileId: string;
}

/** The endpoints of spec/api.md 2.7, and waiting for what they start. */
export interface MigrationsApi {
  create(body: CreateMigrationBody, options?: ProjectCallOptions): Promise<Migration>;
  /** A further import of an existing package (mode B): a record `packageId:<new import id>`. */
  reuse(packageId: string, target: ImportTarget, options?: ProjectCallOptions): Promise<Migration>;
  get(
    id: string,
    options?: { readonly show?: ShowContent; readonly signal?: AbortSignal | undefined },
  ): Promise<Migration>;
  list(options?: ListOptions): Promise<MigrationPage>;
  patch(id: string, patch: MigrationPatch, options?: ProjectCallOptions): Promise<Migration>;
  /** Imports on the target. `record` is what the source gave with `show: 'all'`; it is sent with `replicated: true`. */
  import(
    record: Migration,
    options: ProjectCallOptions & { readonly undoPackage: 'generate' | 'none' },
  ): Promise<Migration>;
  /** A package from an uploaded file (mode C), imported at once: called on the target. */
  importFile(file: UploadedPackage, options: ProjectCallOptions): Promise<Migration>;
  /** Replaces what the package holds; it is built again under the same ids. */
  edit(id: string, body: EditPackageBody, options?: ProjectCallOptions): Promise<void>;
  /** Tries the import on the target and rolls it back; the source learns how it went (spec/api.md 2.7.7). */
  validate(record: Migration, options?: ProjectCallOptions): Promise<void>;
  /** Ends what waits or runs for the migration on this server; wait for the record to see how it ended. */
  cancel(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** With an operator and a date it tells another environment what was decided here. */
  certify(id: string, certification: Certification, options?: ProjectCallOptions): Promise<void>;
  downloadPackage(packageId: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Response>;
  downloadUndo(importId: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Response>;
  /** Deletes the package, its imports and undo packages on this side only. */
  deletePackage(packageId: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Polls the record until it is as wanted; a failed migration is a record too, not an error. */
  waitFor(id: string, isDone: (record: Migration) => boolean, options?: WaitOptions): Promise<Migration>;
}

export function createMigrationsApi(transport: Transport, sleep: Sleep): MigrationsApi {
  const get: MigrationsApi['get'] = (id, { show, signal } = {}) =>
    transport.json({
      method: 'GET',
      path: recordPath(id),
      query: { showContent: show },
      signal,
      ...(show === 'all' ? { kind: 'long' } : {}),
    });
  return {
    create: (json, { projectId, signal } = {}) =>
      transport.json({ method: 'POST', path: '/migrations', json, projectId, signal }),
    reuse: (packageId, importInfo, { projectId, signal } = {}) =>
      transport.json({
        method: 'POST',
        path: '/migrations',
        query: { packageId },
        json: { importInfo },
        projectId,
        signal,
      }),
    get,
    list: ({ offset, limit, purposes, signal } = {}) =>
      transport.json({
        method: 'GET',
        path: '/migrations',
        query: { offset, limit, 'packageInfo.purpose': purposes },
        signal,
      }),
    patch: (id, json, { projectId, signal } = {}) =>
      transport.json({ method: 'PATCH', path: recordPath(id), json, projectId, signal }),
    import: (record, { projectId, undoPackage, signal }) =>
      transport.json({
        method: 'PUT',
        path: recordPath(record.id),
        query: undoPackage === 'none' ? { generateUndo: false } : {},
        json: { ...record, packageInfo: { ...record.packageInfo, replicated: true } },
        projectId,
        signal,
        kind: 'long',
      }),
    ...createPackageCalls(transport),
    deletePackage: (packageId, { signal } = {}) =>
      transport.done({ method: 'DELETE', path: '/migrations', query: { packageId }, signal }),
    waitFor: (id, isDone, { signal, onPoll, backoff } = {}) =>
      poll({ read: () => get(id, { signal }), isDone, onPoll, signal, backoff, sleep }),
  };
}

type PackageCalls = Pick<
  MigrationsApi,
  'importFile' | 'edit' | 'validate' | 'cancel' | 'certify' | 'downloadPackage' | 'downloadUndo'
>;

function createPackageCalls(transport: Transport): PackageCalls {
  return {
    importFile: ({ fileId, ...importInfo }, { projectId, signal }) =>
      transport.json({
        method: 'POST',
        path: '/migrations',
        json: {
          packageInfo: {
            purpose: 'migration_from_shared_file_store',
            storage: { sharedFileStore: { files: { id: fileId } } },
          },
          importInfo,
        },
        projectId,
        signal,
      }),
    edit: (id, json, { projectId, signal } = {}) =>
      transport.done({ method: 'PUT', path: `${recordPath(id)}/packageInfo`, json, projectId, signal }),
    validate: (record, { projectId, signal } = {}) =>
      transport.done({
        method: 'PUT',
        path: `${recordPath(record.id)}/validation`,
        json: record,
        headers: { prefer: 'respond-async' },
        projectId,
        signal,
        kind: 'long',
      }),
    cancel: (id, { signal } = {}) =>
      transport.done({ method: 'POST', path: `/longshore${recordPath(id)}/cancel`, signal }),
    certify: (id, certification, { projectId, signal } = {}) =>
      transport.done({
        method: 'PATCH',
        path: `${recordPath(id)}/packageInfo/certification`,
        json: { packageInfo: { certification } },
        projectId,
        signal,
      }),
    downloadPackage: (packageId, { signal } = {}) =>
      transport.send({
        method: 'GET',
        path: `/migrations/packages/${encodeURIComponent(packageId)}/binary`,
        signal,
        ...BINARY,
      }),
    downloadUndo: (importId, { signal } = {}) =>
      transport.send({
        method: 'GET',
        path: `/migrations/imports/${encodeURIComponent(importId)}/binary`,
        signal,
        ...BINARY,
      }),
  };
}

const BINARY = { headers: { accept: 'application/octet-stream' }, kind: 'download' } as const;

/** The colon stays as it is: every server takes it, and the address reads as in the documents. */
const recordPath = (id: string): string => `/migrations/${id.split(':').map(encodeURIComponent).join(':')}`;
