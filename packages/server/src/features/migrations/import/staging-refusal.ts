import { AppError } from '@longshore/contracts/errors';
import { isDuplicateKey } from '../../../platform/db/unusable-database.ts';
import { damaged } from './damaged.ts';
import { HeldTwice } from './held-twice.ts';
import { Unstorable } from './unstorable.ts';

/**
 * What the staging tables cannot hold is a fault of the package.
 * @throws AppError `invalid`, or the error
 */
export function refuseUnstaged(error: unknown): never {
  if (error instanceof Unstorable) {
    throw new AppError(
      'invalid',
      `Object ${error.id} of the package has the character U+0000 in its ${error.part}, which PostgreSQL cannot keep. ` +
        'Take it out where the package was made, and create the package again.',
      { cause: error },
    );
  }
  if (error instanceof HeldTwice) throw damaged(`it holds object ${error.id} twice`);
  throw isDuplicateKey(error) ? damaged('an object names what it needs twice') : error;
}
