import { FailedError } from '../exit-codes.ts';

/** Work with a database whose failures are no defects of the command: they are told with what was behind them. */
export async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FailedError(messagesOf(error).join(' '), error);
  }
}

/** The outermost message is for callers of the API, where there is another one. */
function messagesOf(error: Error): string[] {
  const causes: Error[] = [];
  for (let at: unknown = error.cause; at instanceof Error; at = at.cause) causes.push(at);
  const told = causes.length === 0 ? [error] : causes;
  return told.map(({ message, name }) => message || name);
}
