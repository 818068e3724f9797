/** What is worked on until it ends or `signal` does; then it is left alone, and the reason of the signal is thrown. */
export async function unlessHalted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const halted = Promise.withResolvers<never>();
  const halt = (): void => halted.reject(signal.reason as Error);
  if (signal.aborted) halt();
  signal.addEventListener('abort', halt);
  try {
    return await Promise.race([work, halted.promise]);
  } finally {
    signal.removeEventListener('abort', halt);
  }
}

/**
 * All works, side by side. The first failure halts everything that heeds the signal, and is thrown once each work has
 * ended: nothing goes on behind the back of whoever cleans up.
 */
export async function together(halting: AbortController, works: readonly Promise<unknown>[]): Promise<void> {
  for (const work of works) work.catch((error: unknown) => halting.abort(error));
  await Promise.allSettled(works);
  halting.signal.throwIfAborted();
}
