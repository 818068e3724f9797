import { AppError, MESSAGES } from '@longshore/contracts';

export function locationUnusable(cause: unknown): AppError {
  return new AppError('storageMisconfigured', MESSAGES.storageMisconfigured, { cause });
}

export function fileUnwritable(cause: unknown): AppError {
  return cause instanceof AppError
    ? cause
    : new AppError('storageMisconfigured', MESSAGES.sharedFileUnwritable, { cause });
}

export function fileUnreadable(cause: unknown): AppError {
  return cause instanceof AppError
    ? cause
    : new AppError('storageMisconfigured', MESSAGES.sharedFileUnreadable, { cause });
}

/** True when the file system says that there is no such file, or that a folder on the way to it is missing. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
