import { MESSAGES } from '@longshore/contracts/errors';

/** SQLite result codes that mean "the database itself is not usable": IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const UNUSABLE = new Set([10, 11, 13, 14, 26]);

/**
 * Classes of PostgreSQL's error codes of the same meaning: connection lost or refused, shut down, out of resources,
 * failed internally or on disk.
 */
const UNUSABLE_CLASSES = new Set(['08', '28', '53', '57', '58', 'XX']);
const CONNECTION_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
/** A transaction paused for too long, so that the server closed the connection. */
const PAUSED_TOO_LONG = '25P03';
/** The driver has no codes for these. */
const LOST =
  /^(?:Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered)/;
const UNDEFINED_TABLE = '42P01';
const STATEMENT_CANCELLED = '57014';

/** Whether an error is the fault of the database, such as a full disk or a lost connection, and not of a statement. */
export function isDatabaseUnusable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) {
    return UNUSABLE.has(Number(error.errcode) & 0xff) || error.message.startsWith('no such table');
  }
  const code = codeOf(error);
  if (code === STATEMENT_CANCELLED) return false;
  return (
    code === UNDEFINED_TABLE || isConnectionLost(error) || (isSqlState(code) && UNUSABLE_CLASSES.has(code.slice(0, 2)))
  );
}

/** Whether the connection to the database broke: what had just been asked of it may or may not have been done. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === PAUSED_TOO_LONG) return true;
  return CONNECTION_ERRORS.has(code) || code.startsWith('57P') || code.startsWith('08') || LOST.test(error.message);
}

/** Whether a row was refused because there is one with its key. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && (codeOf(error) === '23505' || error.message.includes('UNIQUE constraint failed'));
}

/** Whether PostgreSQL was given a text with the character U+0000, which SQLite keeps and it cannot. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && ['22021', '22P05'].includes(codeOf(error));
}

/** Whether PostgreSQL gave up waiting for somebody else's lock, or for two who wait for each other. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && ['55P03', '40P01'].includes(codeOf(error));
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

const SQLITE_BUSY = 5;

/** Whether SQLite refused a lock that somebody else has. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** What a job that wrote nothing tells of an error for which `isDatabaseUnusable` is true. */
export function describeUnusable(error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return `Nothing was changed. ${MESSAGES.databaseUnavailable} The database says: ${cause}.`;
}
