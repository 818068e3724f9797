import { inflateChunk } from './chunk-codec.ts';
import { ChunkLines } from './chunk-lines.ts';
import type { ObjectLines } from './chunk-lines.ts';
import { DIGESTS_NAME, isChunkName, sha256 } from './digests.ts';
import type { MemberDigest } from './digests.ts';
import { ARCHIVE, PackageDamaged } from './errors.ts';
import { CHUNK_RAW_BYTES, DEFAULT_LIMITS } from './limits.ts';
import { END_OF_ARCHIVE, TAR_BLOCK, parseTarHeader, tarBytes, tarPadding } from './tar-members.ts';

/** A file that can be read from any place; fewer bytes than asked for mean that it ends there. */
export interface RandomAccessFile {
  /** Bytes of the whole file. */
  readonly size: number;
  read(start: number, length: number): Promise<Buffer>;
}

/** How far back `digests.json` is looked for at a time: that of a usual package lies in one such piece. */
const TAIL_BYTES = 256 * 1024;
/** 65,536 chunks with some 200 bytes each. */
const MAX_DIGESTS_BYTES = 16 * 1024 * 1024;

/**
 * Reads one object out of a package, by its place among the objects (the first is 0), without reading the others: the
 * digests at the end of the file tell where its chunk lies. Only that chunk is checked against its digest; who has not
 * read the whole file before knows nothing about the rest of it.
 * @throws PackageDamaged; whatever the file fails with
 */
export async function readObject(file: RandomAccessFile, position: number): Promise<ObjectLines> {
  const { chunk, start, offset } = findChunk(await readDigests(file), position);
  const stored = await readExactly(file, start, chunk.bytes, chunk.name);
  if (sha256(stored) !== chunk.sha256) {
    throw new PackageDamaged(chunk.name, `its bytes do not have the digest that ${DIGESTS_NAME} records`);
  }
  const raw = await inflateChunk(chunk.name, stored, DEFAULT_LIMITS.objectBytes);
  const object = ChunkLines.split(chunk.name, raw).at(offset);
  if (!object) throw new PackageDamaged(chunk.name, `it holds fewer objects than ${DIGESTS_NAME} records`);
  return object;
}

interface ChunkPlace {
  readonly chunk: MemberDigest;
  /** Where its bytes begin in the file. */
  readonly start: number;
  /** Place of the object in the chunk. */
  readonly offset: number;
}

function findChunk(members: readonly MemberDigest[], position: number): ChunkPlace {
  let start = 0;
  let before = 0;
  for (const member of members) {
    const objects = isChunkName(member.name) ? (member.objects ?? 0) : 0;
    if (position < before + objects) return { chunk: member, start: start + TAR_BLOCK, offset: position - before };
    before += objects;
    start += tarBytes(member.bytes);
  }
  throw new PackageDamaged(ARCHIVE, `it holds ${before} objects, so that there is none at ${position}`);
}

/**
 * Looks for the header of `digests.json` from the end, block by block. Its content is JSON, which holds no zero bytes,
 * so that no block of it can be taken for a header.
 */
async function readDigests(file: RandomAccessFile): Promise<readonly MemberDigest[]> {
  const end = file.size - END_OF_ARCHIVE.length;
  for (let tail = TAIL_BYTES; ; tail *= 8) {
    const start = Math.max(0, Math.floor((end - tail) / TAR_BLOCK) * TAR_BLOCK);
    const bytes = await readExactly(file, start, Math.max(0, end - start), ARCHIVE);
    for (let at = bytes.length - TAR_BLOCK; at >= 0; at -= TAR_BLOCK) {
      const header = parseTarHeader(bytes.subarray(at, at + TAR_BLOCK));
      if (header?.name !== DIGESTS_NAME) continue;
      if (at + TAR_BLOCK + header.size + tarPadding(header.size) !== bytes.length) break;
      return parseDigests(bytes.subarray(at + TAR_BLOCK, at + TAR_BLOCK + header.size));
    }
    if (start === 0 || tail > MAX_DIGESTS_BYTES)
      throw new PackageDamaged(ARCHIVE, `it does not end with ${DIGESTS_NAME}`);
  }
}

function parseDigests(content: Buffer): readonly MemberDigest[] {
  try {
    const { members } = JSON.parse(content.toString('utf8')) as { members?: unknown };
    if (Array.isArray(members) && members.every(isDigest)) return members;
  } catch {
    // Told below: it makes no difference what is wrong with it.
  }
  throw new PackageDamaged(DIGESTS_NAME, 'it is not a list of digests');
}

function isDigest(value: unknown): value is MemberDigest {
  const member = value as Partial<MemberDigest> | null;
  return (
    typeof member === 'object' &&
    typeof member?.name === 'string' &&
    typeof member.sha256 === 'string' &&
    Number.isSafeInteger(member.bytes) &&
    (member.bytes ?? -1) >= 0 &&
    (member.bytes ?? 0) <= DEFAULT_LIMITS.objectBytes + CHUNK_RAW_BYTES
  );
}

async function readExactly(file: RandomAccessFile, start: number, length: number, what: string): Promise<Buffer> {
  const bytes = await file.read(start, length);
  if (bytes.length !== length) throw new PackageDamaged(what, `it is cut short, of ${length} bytes`);
  return bytes;
}
