import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { failureOf } from './s3-errors.ts';
import { readWhole } from '../read-whole.ts';
import type { S3Place } from './s3-place.ts';

export interface ObjectState {
  readonly size: number;
  /** Names this content of the object. */
  readonly etag: string;
  /** How long ago it was written, in milliseconds by the clock of the storage; whole seconds. */
  readonly ageMs: number;
}

export interface OpenObject {
  readonly body: Readable;
  readonly size: number;
  readonly etag: string;
}

/** What must hold at the moment of the writing. */
export type PutCondition = { readonly ifAbsent: true } | { readonly ifEtag: string };

export interface Upload {
  readonly name: string;
  readonly uploadId: string;
}

/** How long a request is waited for, and how often it is tried. */
export interface S3Patience {
  /** Network failures, throttling and answers of 5xx are tried again, so many times in all, with growing pauses. */
  readonly attempts: number;
  /** How long one try may take, in milliseconds; a part of an upload has 8 MiB. */
  readonly requestMs: number;
}

/** A copy inside the storage, and the putting together of parts. */
const COPY_MS = 15 * 60_000;
const CONNECT_MS = 5000;
const IDLE_MS = 60_000;

/** A bucket, seen from the prefix of the place: names are relative to it. Failures are those of the AWS client. */
export class S3Bucket {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(place: S3Place, { attempts, requestMs }: S3Patience) {
    const { region, endpoint, addressing, credentials } = place;
    this.#bucket = place.bucket;
    this.#prefix = place.prefix === '' ? '' : `${place.prefix}/`;
    this.#client = new S3Client({
      ...(region === null ? {} : { region }),
      // Servers other than AWS take any region, but the signature needs one.
      ...(endpoint === null ? {} : { endpoint, region: region ?? 'us-east-1' }),
      ...(credentials === null ? {} : { credentials: { ...credentials } }),
      forcePathStyle: addressing === 'path',
      maxAttempts: attempts,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
        socketTimeout: IDLE_MS,
      },
    });
  }

  /** Fails as the storage says why the bucket cannot be reached; an answer to HEAD would have no body to say so. */
  async requireBucket(): Promise<void> {
    await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#prefix, MaxKeys: 1 }));
  }

  async put(name: string, content: Buffer, condition?: PutCondition): Promise<{ readonly etag: string }> {
    const { ETag = '' } = await this.#client.send(
      new PutObjectCommand({
        ...this.#at(name),
        Body: content,
        ContentLength: content.length,
        ...(condition && 'ifAbsent' in condition ? { IfNoneMatch: '*' } : {}),
        ...(condition && 'ifEtag' in condition ? { IfMatch: condition.ifEtag } : {}),
      }),
    );
    return { etag: ETag };
  }

  /** null when there is no such object, or no such bucket. */
  async head(name: string): Promise<ObjectState | null> {
    const command = new HeadObjectCommand(this.#at(name));
    let now = Number.NaN;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
        now = Date.parse(headers?.['date'] ?? '');
        return result;
      },
      { step: 'deserialize', name: 'dateOfAnswer' },
    );
    try {
      const { ContentLength = 0, ETag = '', LastModified } = await this.#client.send(command);
      const writtenAt = LastModified?.getTime() ?? Number.NaN;
      return { size: ContentLength, etag: ETag, ageMs: Math.max(0, now - writtenAt) };
    } catch (error) {
      if (failureOf(error) === 'missingObject') return null;
      throw error;
    }
  }

  /** `resume` reads on from a byte of the content that was being read, and of no other. */
  async get(name: string, resume?: { readonly from: number; readonly etag: string }): Promise<OpenObject> {
    const range = resume === undefined ? {} : { Range: `bytes=${resume.from}-`, IfMatch: resume.etag };
    const answer = await this.#client.send(new GetObjectCommand({ ...this.#at(name), ...range }));
    return { body: answer.Body as Readable, size: answer.ContentLength ?? 0, etag: answer.ETag ?? '' };
  }

  /** Bytes from a place on; fewer than asked for where the object ends. */
  async getRange(name: string, { start, length }: { start: number; length: number }): Promise<Buffer> {
    const range = { Range: `bytes=${start}-${start + length - 1}` };
    try {
      const answer = await this.#client.send(new GetObjectCommand({ ...this.#at(name), ...range }));
      return await readWhole(answer.Body as Readable);
    } catch (error) {
      if (error instanceof Error && error.name === 'InvalidRange') return Buffer.alloc(0);
      throw error;
    }
  }

  /** Inside the storage; the object appears whole. */
  async copy(from: string, to: string): Promise<void> {
    const source = `${this.#bucket}/${this.#prefix}${from}`.split('/').map(encodeURIComponent).join('/');
    await this.#client.send(new CopyObjectCommand({ ...this.#at(to), CopySource: source }), {
      requestTimeout: COPY_MS,
    });
  }

  /** Nothing happens when there is no such object. */
  async remove(name: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(name)));
  }

  /** The objects whose names start so, in the order of their names. */
  async *list(start: string): AsyncGenerator<{ readonly name: string; readonly size: number }, void, undefined> {
    for (let token: string | undefined; ;) {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: `${this.#prefix}${start}`,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { name: this.#nameOf(Key), size: Size };
      token = page.NextContinuationToken;
      if (!page.IsTruncated || token === undefined) return;
    }
  }

  async startUpload(name: string): Promise<Upload> {
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...this.#at(name), ChecksumAlgorithm: 'CRC32' }),
    );
    if (UploadId === undefined) throw new Error('the storage began an upload without an id');
    return { name, uploadId: UploadId };
  }

  async uploadPart(
    { name, uploadId }: Upload,
    part: { readonly number: number; readonly content: Buffer },
    signal: AbortSignal,
  ): Promise<CompletedPart> {
    const { ETag, ChecksumCRC32 } = await this.#client.send(
      new UploadPartCommand({
        ...this.#at(name),
        UploadId: uploadId,
        PartNumber: part.number,
        Body: part.content,
        ContentLength: part.content.length,
        ChecksumAlgorithm: 'CRC32',
      }),
      { abortSignal: signal },
    );
    return {
      PartNumber: part.number,
      ...(ETag === undefined ? {} : { ETag }),
      ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }),
    };
  }

  async completeUpload({ name, uploadId }: Upload, parts: readonly CompletedPart[]): Promise<void> {
    await this.#client.send(
      new CompleteMultipartUploadCommand({
        ...this.#at(name),
        UploadId: uploadId,
        MultipartUpload: { Parts: [...parts] },
      }),
      { requestTimeout: COPY_MS },
    );
  }

  async abortUpload({ name, uploadId }: Upload): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand({ ...this.#at(name), UploadId: uploadId }));
  }

  /** Uploads that were neither completed nor aborted, to names that start so. */
  async *uploads(start: string): AsyncGenerator<Upload, void, undefined> {
    const prefix = `${this.#prefix}${start}`;
    for (let after: { KeyMarker?: string; UploadIdMarker?: string } = {}; ;) {
      const page = await this.#client.send(
        new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: prefix, ...after }),
      );
      for (const { Key = '', UploadId = '' } of page.Uploads ?? []) {
        if (Key.startsWith(prefix)) yield { name: this.#nameOf(Key), uploadId: UploadId };
      }
      if (!page.IsTruncated || page.NextKeyMarker === undefined) return;
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      after = { KeyMarker, ...(UploadIdMarker === undefined ? {} : { UploadIdMarker }) };
    }
  }

  #at(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${name}` };
  }

  #nameOf(key: string): string {
    return key.slice(this.#prefix.length);
  }
}
