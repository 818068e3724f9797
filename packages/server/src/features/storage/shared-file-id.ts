import { AppError, type SharedFileType } from '@longshore/contracts';

/**
 * The id of a file on the wire: base64 of `<type>:<guid>`. Clients put it into paths as it is. For a text of letters,
 * digits, `.` and `:` base64 holds neither `/` nor `+`: these need a byte that ends in six or five set bits.
 */
export function sharedFileId(type: SharedFileType, guid: string): string {
  return Buffer.from(`${type}:${guid}`).toString('base64');
}

const SHAPE = /^migrations\.packages:([0-9A-F]{32})$/;

/**
 * The guid in an id.
 * @throws AppError `notFound` for text that cannot be the id of a file
 */
export function requireGuid(fileId: string): string {
  const guid = SHAPE.exec(Buffer.from(fileId, 'base64').toString('latin1'))?.[1];
  if (guid === undefined || sharedFileId('migrations.packages', guid) !== fileId) throw fileNotFound(fileId);
  return guid;
}

export function fileNotFound(fileId: string): AppError {
  return new AppError('notFound', `The file with id ${fileId.slice(0, 100)} is not found in the shared file store.`);
}
