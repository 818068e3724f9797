import type { StoredHeader } from './dump-line.ts';

/**
 * Fingerprints of whole projects: the sum of the objects' 256-bit hashes modulo 2^256. The order of the objects does
 * not matter, and one object more or less is one addition, so that a fingerprint can be kept up to date.
 */

const MODULUS = 1n << 256n;
const HASH = /^[0-9a-fA-F]{64}$/;

const toNumber = (hash: string): bigint => {
  if (!HASH.test(hash)) throw new RangeError(`"${hash}" is not a hash of 64 hex digits.`);
  return BigInt(`0x${hash}`);
};
const toHash = (sum: bigint): string => (((sum % MODULUS) + MODULUS) % MODULUS).toString(16).padStart(64, '0');

/** The fingerprint of no objects. */
export const EMPTY_FINGERPRINT = toHash(0n);

/** 64 lower-case hex digits from hashes of 64 hex digits each. */
export function combineFingerprint(hashes: Iterable<string>): string {
  let sum = 0n;
  for (const hash of hashes) sum = (sum + toNumber(hash)) % MODULUS;
  return toHash(sum);
}

export function addToFingerprint(fingerprint: string, hash: string): string {
  return toHash(toNumber(fingerprint) + toNumber(hash));
}

export function removeFromFingerprint(fingerprint: string, hash: string): string {
  return toHash(toNumber(fingerprint) - toNumber(hash));
}

/** The text whose hash is an object's `bodyHash`. Canonical JSON holds no line end, so the parts cannot run together. */
export function bodyHashText(body: {
  readonly definition: string;
  readonly translations: string;
  readonly uses: string;
}): string {
  return `${body.definition}\n${body.translations}\n${body.uses}`;
}

/**
 * The text whose hash stands for an object in a fingerprint. It covers all that the dump line shows: the scalar
 * fields and the ACL by themselves, definition, translations and uses by `bodyHash`.
 */
export function objectFingerprintText(
  object: Omit<StoredHeader, 'translations' | 'uses'> & { readonly bodyHash: string },
): string {
  return JSON.stringify([
    object.projectId,
    object.id,
    object.type,
    object.subtype,
    object.name,
    object.description,
    object.abbreviation,
    object.parentId,
    object.ownerId,
    object.version,
    object.dateCreated,
    object.dateModified,
    object.hidden,
    object.acl,
    object.bodyHash,
  ]);
}
