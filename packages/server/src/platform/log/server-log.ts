import { pino, type DestinationStream, type Logger } from 'pino';

export interface LogOptions {
  /** Name of the environment. */
  readonly name: string;
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

/** Fields that hold a secret wherever they stand; what is logged of them is `[hidden]`. */
const SECRET_FIELDS = [
  'password',
  'adminPassword',
  'newPassword',
  'token',
  'authorization',
  'cookie',
  'awsSecretKey',
  'azureSecretKey',
  'gcsServiceAccountKey',
  'secretAccessKey',
  'sessionToken',
  'connectionString',
  '["x-mstr-authtoken"]',
] as const;

/** How deep a secret may stand in what is logged: `headers` of a request are the second level. */
const DEPTHS = ['', '*.', '*.*.'] as const;

function secretPaths(): string[] {
  return SECRET_FIELDS.flatMap((field) =>
    DEPTHS.map((depth) => (field.startsWith('[') ? `${depth.slice(0, -1)}${field}` : `${depth}${field}`)),
  );
}

/**
 * The log of a server: JSON lines, each with `time`, `level`, `name` and `msg`; those of a request carry its
 * `ticketId`. Secrets are hidden by the names of their fields, and of errors only known fields are written: an error
 * of a client library may hold whole requests and answers.
 */
export function createLog({ name, level }: LogOptions, destination?: DestinationStream): Logger {
  const options = {
    name: `longshore-${name}`,
    level,
    redact: { paths: secretPaths(), censor: '[hidden]' },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  /** HTTP status that another server answered with. */
  readonly status?: number;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** An endless chain of causes is cut. */
const MOST_CAUSES = 5;

interface KnownFields {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/** What is logged of an error, its causes included. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code, $metadata } = error as KnownFields;
  const status = $metadata?.httpStatusCode;
  return {
    type: error.name,
    message: withoutCredentials(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(error.stack === undefined ? {} : { stack: withoutCredentials(error.stack) }),
    ...(error.cause === undefined || depth === MOST_CAUSES ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Addresses such as that of a database may hold a password: `postgres://user:password@host`. */
function withoutCredentials(text: string): string {
  return text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s/@]+@/gi, '$1:[hidden]@');
}
