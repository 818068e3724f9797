import type { CreateSharedFileBody, SharedFile, SharedFileList } from '@longshore/contracts';
import type { Transport } from './transport.ts';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Package files that are carried by hand, between environments that share no storage (spec/api.md 2.9). */
export interface FilesApi {
  list(options?: CallOptions & { readonly offset?: number; readonly limit?: number }): Promise<SharedFileList>;
  /** Announces a file; its bytes follow with `upload`. */
  create(body: CreateSharedFileBody, options?: CallOptions): Promise<SharedFile>;
  /** The server compares size and digest with what was announced. */
  upload(fileId: string, file: Blob, options?: CallOptions): Promise<SharedFile>;
  download(fileId: string, options?: CallOptions): Promise<Response>;
  delete(fileId: string, options?: CallOptions): Promise<void>;
}

const FILES = '/mstrServices/library/storage/sharedFileStore/files';
const TYPE = 'migrations.packages';

export function createFilesApi(transport: Transport): FilesApi {
  return {
    list: ({ offset, limit, signal } = {}) =>
      transport.json({ method: 'GET', path: FILES, query: { type: TYPE, offset, limit }, signal }),
    create: (json, { signal } = {}) => transport.json({ method: 'POST', path: FILES, json, signal }),
    upload(fileId, file, { signal } = {}) {
      const form = new FormData();
      form.append('file', file, 'package.mmp');
      return transport.json({ method: 'PUT', path: binaryPath(fileId), form, signal });
    },
    download: (fileId, { signal } = {}) =>
      transport.send({ method: 'GET', path: binaryPath(fileId), signal, kind: 'download' }),
    delete: (fileId, { signal } = {}) => transport.done({ method: 'DELETE', path: filePath(fileId), signal }),
  };
}

const filePath = (fileId: string): string => `${FILES}/${encodeURIComponent(fileId)}`;
const binaryPath = (fileId: string): string => `${filePath(fileId)}/binary`;
