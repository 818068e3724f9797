import { AppError } from '@longshore/contracts';
import type { EngineEnvironment } from './environment.ts';

/** Everything that an import or undo may change: what is the same before and after has not been touched. */
export const stateOf = async (environment: EngineEnvironment): Promise<readonly (readonly string[])[]> => [
  await environment.dump(),
  await environment.references(),
];

/** What comes of it, or null where it was refused; an error of any other kind is one of the test, too. */
export async function orRefused<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
