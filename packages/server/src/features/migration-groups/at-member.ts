import { AppError } from '@longshore/contracts';

/**
 * Says of a refusal to which member of the body it belongs: paths of its fields begin at the member.
 * `packageInfo.type` becomes `migrations[2].packageInfo.type`.
 */
export function atMember(index: number, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const path = `migrations[${index}]`;
  const withPaths = error.message.replaceAll(/(?<![.\w])(packageInfo|importInfo)\b/g, `${path}.$1`);
  const message = withPaths === error.message ? `${path}: ${error.message}` : withPaths;
  return new AppError(error.kind, message, {
    subErrors: error.subErrors,
    ...(error.iServerCode === undefined ? {} : { iServerCode: error.iServerCode }),
    cause: error,
  });
}

/** Runs something for one member of the body; what it refuses names the member. */
export async function forMember<T>(index: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw atMember(index, error);
  }
}
