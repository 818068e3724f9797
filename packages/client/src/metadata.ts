import type { Fingerprint, LoadResult } from '@longshore/contracts';
import type { Transport } from './transport.ts';

export interface ScopeOptions {
  /** Absent: the whole environment in a dump, the configuration objects in a fingerprint. */
  readonly projectId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bulk load and dump (design/architecture.md 5); for administrators. */
export interface MetadataApi {
  /** Loads NDJSON lines, all or none. The body is sent once: an expired session is an error here. */
  load(lines: ReadableStream<Uint8Array>, options?: { readonly signal?: AbortSignal | undefined }): Promise<LoadResult>;
  /** One object a line; the same content gives the same bytes. A dump that breaks off makes the stream fail. */
  dump(options?: ScopeOptions): Promise<ReadableStream<Uint8Array>>;
  /** Equal fingerprints mean equal content. */
  fingerprint(options?: ScopeOptions): Promise<Fingerprint>;
}

export function createMetadataApi(transport: Transport): MetadataApi {
  return {
    load: (stream, { signal } = {}) =>
      transport.json({
        method: 'POST',
        path: '/longshore/metadata',
        stream,
        headers: { 'content-type': 'application/x-ndjson' },
        signal,
      }),
    async dump({ projectId, signal } = {}) {
      const headers = { accept: 'application/x-ndjson' };
      const path = '/longshore/metadata';
      const response = await transport.send({
        method: 'GET',
        path,
        query: { projectId },
        headers,
        signal,
        kind: 'download',
      });
      if (!response.body) throw new Error(`${transport.libraryUrl} sent an empty dump.`);
      return response.body;
    },
    fingerprint: ({ projectId, signal } = {}) =>
      transport.json({ method: 'GET', path: '/longshore/fingerprint', query: { projectId }, signal, kind: 'download' }),
  };
}
