import type { BucketAndPrefix, S3Addressing } from '@longshore/contracts';

/** Keys of an account; the secret one is never logged and never given out. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A place in an S3-compatible object storage. Plain data: it can be sent to another thread. */
export interface S3Place extends BucketAndPrefix {
  readonly kind: 's3';
  /** null leaves it to the usual AWS settings of the machine. */
  readonly region: string | null;
  /** `http(s)://host[:port]`; null for AWS. */
  readonly endpoint: string | null;
  readonly addressing: S3Addressing;
  /** null takes those that the usual AWS chain finds: environment, profile, role of the machine. */
  readonly credentials: S3Credentials | null;
}
