/**
 * The tar subset of a package file: ustar, regular files only, every header field fixed but name, size and checksum.
 * Reader and writer share one encoder, and the reader accepts nothing but its bytes, so no bit of a header is free
 * to change unseen. GNU tar writes the same bytes with the options given in docs/package-format.md.
 */

export const TAR_BLOCK = 512;

/** Two zero blocks end the archive; nothing follows them. */
export const END_OF_ARCHIVE = Buffer.alloc(2 * TAR_BLOCK);

/** 2000-01-01T00:00:00Z, in seconds: fixed, so that equal content gives equal bytes. */
const FIXED_MTIME = 946_684_800;
const MAX_NAME_BYTES = 100;
const MAX_SIZE = 0o77777777777;

const FIELDS = {
  mode: 100,
  uid: 108,
  gid: 116,
  size: 124,
  mtime: 136,
  checksum: 148,
  type: 156,
  magic: 257,
  devMajor: 329,
  devMinor: 337,
} as const;
const MAGIC = 'ustar\u000000';

export interface TarMember {
  readonly name: string;
  /** Bytes of content, without the padding. */
  readonly size: number;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

/** The header block of a member. The name is ASCII, at most 100 bytes; the size below 8 GiB. */
export function tarHeader(member: TarMember): Buffer {
  const block = Buffer.alloc(TAR_BLOCK);
  block.write(member.name, 0, MAX_NAME_BYTES, 'latin1');
  block.write(octal(0o644, 7), FIELDS.mode, 'latin1');
  block.write(octal(0, 7), FIELDS.uid, 'latin1');
  block.write(octal(0, 7), FIELDS.gid, 'latin1');
  block.write(octal(member.size, 11), FIELDS.size, 'latin1');
  block.write(octal(FIXED_MTIME, 11), FIELDS.mtime, 'latin1');
  block.write('0', FIELDS.type, 'latin1');
  block.write(MAGIC, FIELDS.magic, 'latin1');
  block.write(octal(0, 7), FIELDS.devMajor, 'latin1');
  block.write(octal(0, 7), FIELDS.devMinor, 'latin1');
  block.write(`${octal(checksumOf(block), 6)}\u0000 `, FIELDS.checksum, 'latin1');
  return block;
}

/** The sum of all bytes of the header, with the checksum field read as eight spaces. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < TAR_BLOCK; i += 1) {
    if (i < FIELDS.checksum || i >= FIELDS.type) sum += block[i] ?? 0;
  }
  return sum;
}

/** How many zero bytes follow a content of `size` bytes up to the next block. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/** Bytes that a member takes in the archive. */
export function tarBytes(size: number): number {
  return TAR_BLOCK + size + tarPadding(size);
}

/** True for zeros only, of at most two blocks, of which two end an archive. Compared at once: it is asked of every member. */
export function isZero(bytes: Buffer): boolean {
  return bytes.equals(END_OF_ARCHIVE.subarray(0, bytes.length));
}

/** True when the block says of itself that it is a tar header. */
export function isTarHeader(block: Buffer): boolean {
  return block.toString('latin1', FIELDS.magic, FIELDS.magic + 5) === 'ustar';
}

/** Reads a header block; `undefined` when it is not, byte by byte, the header that `tarHeader` gives. */
export function parseTarHeader(block: Buffer): TarMember | undefined {
  const end = block.indexOf(0);
  const name = block.toString('latin1', 0, end < 0 || end > MAX_NAME_BYTES ? MAX_NAME_BYTES : end);
  const size = Number.parseInt(block.toString('latin1', FIELDS.size, FIELDS.size + 11), 8);
  if (!(size >= 0 && size <= MAX_SIZE)) return undefined;
  const member = { name, size };
  return tarHeader(member).equals(block) ? member : undefined;
}
