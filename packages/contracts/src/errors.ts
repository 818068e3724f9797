/**
 * Errors that a caller can cause or must know of (spec/api.md 1.12). Every failure of a use case is one of these;
 * anything else that is thrown is a defect and becomes a 500 without details.
 */

/** What went wrong, from which the HTTP status and the CLI's exit code follow. */
export const ERROR_KINDS = {
  invalid: { status: 400, code: 'ERR006' },
  missing: { status: 400, code: 'ERR005' },
  unauthenticated: { status: 401, code: 'ERR009' },
  loginFailed: { status: 401, code: 'ERR003' },
  missingPrivilege: { status: 403, code: 'ERR014' },
  noAccess: { status: 403, code: 'ERR017' },
  notFound: { status: 404, code: 'ERR004' },
  unknownPackage: { status: 404, code: 'ERR006' },
  noSuchEndpoint: { status: 404, code: 'ERR004' },
  conflict: { status: 409, code: 'ERR015' },
  nameTaken: { status: 400, code: 'ERR015' },
  busy: { status: 409, code: 'ERR006' },
  tooLarge: { status: 413, code: 'ERR006' },
  tooManyAttempts: { status: 401, code: 'ERR003' },
  storageMisconfigured: { status: 500, code: 'ERR001' },
  databaseUnavailable: { status: 503, code: 'ERR016' },
  internal: { status: 500, code: 'ERR001' },
} as const;
export type ErrorKind = keyof typeof ERROR_KINDS;

/** Detail about one object of a refusal that concerns several. */
export interface SubError {
  readonly message: string;
  readonly additionalProperties?: { readonly objectId?: string; readonly objectName?: string };
}

export interface ErrorDetails {
  readonly iServerCode?: number;
  readonly subErrors?: readonly SubError[];
  readonly cause?: unknown;
}

/** An expected failure of a use case. The message says what is wrong, with which object, and what to do next. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly iServerCode: number | undefined;
  readonly subErrors: readonly SubError[];

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.iServerCode = details.iServerCode;
    this.subErrors = details.subErrors ?? [];
  }

  get status(): number {
    return ERROR_KINDS[this.kind].status;
  }

  get code(): string {
    return ERROR_KINDS[this.kind].code;
  }
}

/** Texts that clients know (spec/api.md 1.12 and 5.4). */
export const MESSAGES = {
  databaseUnavailable: 'The API requires MicroStrategy Storage Service. Please contact your administrator.',
  storageMisconfigured:
    'The Storage Service is not configured properly, please contact your administrator to configure Storage Service',
  sharedFileUnwritable:
    'Cannot create or modify the shared file. It may be temporarily unavailable for accessing the storage location.',
  sharedFileUnreadable:
    'The shared file cannot be accessed. It may be deleted or the storage location cannot be accessed.',
  clockSkew:
    'The time difference between the source and target environments should be five minutes or less. Please modify the environment system time and try again.',
  noSuchEndpoint: 'HTTP 404 Not Found',
  sessionExpired: "The user's session has expired, please reauthenticate",
  loginFailed: 'Login failed',
} as const;

export const ISERVER_CODES = { noObjectAccess: -2147214568, missingPrivilege: -2147213784 } as const;

/** A refusal because of a record's state, in the sentence that clients know. */
export function wrongState(field: string, value: string): AppError {
  return new AppError('invalid', `Cannot do current operation for now when \`${field}\` is '${value}'.`);
}
