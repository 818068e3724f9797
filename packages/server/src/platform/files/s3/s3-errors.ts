import type { AppError } from '@longshore/contracts';
import { fileUnreadable, fileUnwritable, locationUnusable } from '../store-errors.ts';

/** What a request to the object storage came to, as far as anybody decides by it. */
export type S3Failure =
  | 'missingBucket'
  | 'missingObject'
  | 'conditionFailed'
  | 'wrongKeys'
  | 'noKeys'
  | 'forbidden'
  | 'wrongRegion'
  | 'noRegion'
  | 'unsupported'
  | 'unreachable'
  | 'other';

/** By the error's name; servers agree on these more than on their status. */
const BY_NAME: Readonly<Record<string, S3Failure>> = {
  NoSuchBucket: 'missingBucket',
  NoSuchKey: 'missingObject',
  NotFound: 'missingObject',
  PreconditionFailed: 'conditionFailed',
  ConditionalRequestConflict: 'conditionFailed',
  InvalidAccessKeyId: 'wrongKeys',
  SignatureDoesNotMatch: 'wrongKeys',
  XAdminUserNotFound: 'wrongKeys',
  InvalidToken: 'wrongKeys',
  ExpiredToken: 'wrongKeys',
  CredentialsProviderError: 'noKeys',
  AccessDenied: 'forbidden',
  Forbidden: 'forbidden',
  PermanentRedirect: 'wrongRegion',
  AuthorizationHeaderMalformed: 'wrongRegion',
  IllegalLocationConstraintException: 'wrongRegion',
  NotImplemented: 'unsupported',
  TimeoutError: 'unreachable',
};

const BY_STATUS: Readonly<Record<number, S3Failure>> = {
  301: 'wrongRegion',
  403: 'forbidden',
  409: 'conditionFailed',
  412: 'conditionFailed',
  501: 'unsupported',
};

interface S3Error {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

export function failureOf(error: unknown): S3Failure {
  const { name = '', code, message = '', $metadata } = (error ?? {}) as S3Error;
  const named = BY_NAME[name];
  if (named !== undefined) return named;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return BY_STATUS[status] ?? 'other';
  if (message.startsWith('Region is missing')) return 'noRegion';
  return code === undefined ? 'other' : 'unreachable';
}

/** The server's or the system's word for it, such as AccessDenied or ECONNREFUSED. */
export function wordOf(error: unknown): string {
  const { name, code } = (error ?? {}) as S3Error;
  return code ?? name ?? 'unknown reason';
}

/** How often the request was tried before it came to this. */
export const attemptsOf = (error: unknown): number => ((error ?? {}) as S3Error).$metadata?.attempts ?? 1;

/** Where the bucket is, when the answer tells. */
export const regionOf = (error: unknown): string | undefined =>
  ((error ?? {}) as S3Error).$response?.headers?.['x-amz-bucket-region'];

const UNUSABLE: ReadonlySet<S3Failure> = new Set(['missingBucket', 'wrongKeys', 'noKeys', 'wrongRegion', 'noRegion']);

export const objectUnwritable = (error: unknown): AppError =>
  UNUSABLE.has(failureOf(error)) ? locationUnusable(error) : fileUnwritable(error);

export const objectUnreadable = (error: unknown): AppError =>
  UNUSABLE.has(failureOf(error)) ? locationUnusable(error) : fileUnreadable(error);
