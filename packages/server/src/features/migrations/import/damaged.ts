import { AppError } from '@longshore/contracts/errors';

/** The one way to say that a file cannot be what a server wrote. */
export function damaged(what: string): AppError {
  return new AppError('invalid', `The package file is damaged: ${what}. Create the package again.`);
}
