import { createHash } from 'node:crypto';
import { PACKAGE_FORMAT_VERSION } from '@longshore/contracts';
import { canonicalJson } from '@longshore/domain';

export const MANIFEST_NAME = 'manifest.json';
export const DIGESTS_NAME = 'digests.json';
const CHUNK_NAME = /^objects\/\d{6}\.ndjson\.zst$/;

/** The name of the nth chunk, counted from one. */
export function chunkName(number: number): string {
  return `objects/${String(number).padStart(6, '0')}.ndjson.zst`;
}

export function isChunkName(name: string): boolean {
  return CHUNK_NAME.test(name);
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What `digests.json` says of one member; `objects` and `rawBytes` only of a chunk. */
export type MemberDigest = {
  readonly name: string;
  /** Stored bytes, of which `sha256` is the digest. */
  readonly bytes: number;
  readonly sha256: string;
  readonly objects?: number;
  /** Bytes of the lines before compression. */
  readonly rawBytes?: number;
};

/** Collects, member by member, what `digests.json` has to say. */
export class DigestList {
  readonly #members: MemberDigest[] = [];
  #bytes = 0;
  #objects = 0;
  #rawBytes = 0;

  add(member: MemberDigest): void {
    this.#members.push(member);
    this.#bytes += member.bytes;
    this.#objects += member.objects ?? 0;
    this.#rawBytes += member.rawBytes ?? 0;
  }

  get members(): readonly MemberDigest[] {
    return this.#members;
  }

  get objects(): number {
    return this.#objects;
  }

  get rawBytes(): number {
    return this.#rawBytes;
  }

  /** The content of `digests.json`. Canonical, so that a reader can compare it byte for byte with its own. */
  toBytes(): Buffer {
    return Buffer.from(
      canonicalJson({
        formatVersion: PACKAGE_FORMAT_VERSION,
        members: this.#members,
        total: { bytes: this.#bytes, objects: this.#objects, rawBytes: this.#rawBytes },
      }),
    );
  }
}
