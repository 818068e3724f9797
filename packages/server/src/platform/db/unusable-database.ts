/** SQLite result codes that mean "the database itself is not usable": IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const UNUSABLE = new Set([10, 11, 13, 14, 26]);

/** Whether an error is the fault of the database, such as a full disk, and not of a statement. */
export function isDatabaseUnusable(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  return UNUSABLE.has(Number(error.errcode) & 0xff) || error.message.startsWith('no such table');
}
