/** How a place in S3-compatible object storage is written down: flags, configuration file, storage configuration. */

/** How the bucket stands in an address: `https://host/bucket/key`, or `https://bucket.host/key`. */
export const S3_ADDRESSING = ['path', 'virtual'] as const;
export type S3Addressing = (typeof S3_ADDRESSING)[number];

export interface BucketAndPrefix {
  readonly bucket: string;
  /** Folder in the bucket under which all keys are; no slash at either end, empty for the bucket itself. */
  readonly prefix: string;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The characters that every S3 server and proxy leaves alone. */
const SEGMENT = /^[A-Za-z0-9!_.*'()-]+$/;
const LONGEST_PREFIX = 512;

/**
 * Reads `bucket`, `bucket/prefix` or `s3://bucket/prefix`.
 * @returns what is wrong with it, as the end of a sentence, when it is none of these
 */
export function parseS3Location(text: string): BucketAndPrefix | string {
  const [bucket = '', ...segments] = text
    .replace(/^s3:\/\//i, '')
    .replace(/\/$/, '')
    .split('/');
  if (!BUCKET.test(bucket) || bucket.includes('..')) {
    return 'must start with the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens, as in s3://bucket/prefix';
  }
  const prefix = segments.join('/');
  const isSafe = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..');
  if (!isSafe || prefix.length > LONGEST_PREFIX) {
    return `must have a prefix of at most ${LONGEST_PREFIX} letters, digits and !_.*'()- between single slashes`;
  }
  return { bucket, prefix };
}

/** Whether a location is given as one of S3, and not as a folder. */
export const isS3Url = (location: string): boolean => /^s3:\/\//i.test(location);

/** The endpoint without what follows its port; undefined when it is none. */
export function parseS3Endpoint(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isBare && url.pathname === '/' ? url.origin : undefined;
}

/** The place as people write it; without its keys. */
export function showS3Place({ bucket, prefix }: BucketAndPrefix): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}
