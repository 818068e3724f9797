import { parseObjectId } from '@longshore/domain';
import { InvalidArgumentError } from 'commander';

/** `packageId:importId` in upper case. */
export function parseMigrationId(text: string): string {
  const ids = text.split(':').map(parseObjectId);
  if (ids.length === 2 && !ids.includes(undefined)) return ids.join(':');
  throw new InvalidArgumentError('Expected packageId:importId, two times 32 hex digits.');
}
