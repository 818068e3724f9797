import { CHUNK_RAW_BYTES, type ChunkLines, type PackageTotals } from '@longshore/package-file';
import type { CheckedChunk } from './checked-chunk.ts';
import type { EntryChecker } from './entry-checker.ts';

/** Chunks that are checked while the caller works on the one before. A larger one is a single object: it is alone. */
const AHEAD = 2;

/**
 * Checks chunks ahead of what is asked for. All comes in the order of the file, errors too: what is wrong with a chunk is told
 * before what is wrong behind it.
 */
export async function* checkedAhead(
  chunks: AsyncGenerator<ChunkLines, PackageTotals, undefined>,
  checker: EntryChecker,
): AsyncGenerator<CheckedChunk, PackageTotals, undefined> {
  const checking: Promise<CheckedChunk>[] = [];
  try {
    for (;;) {
      const next = await attempt(chunks.next());
      const lines = next.kind === 'given' && next.value.done !== true ? next.value.value : null;
      const ahead = lines !== null && lines.bytes <= CHUNK_RAW_BYTES ? AHEAD : 0;
      if (lines !== null) checking.push(awaitedLater(checker.check(lines)));
      while (checking.length > ahead) yield await (checking.shift() as Promise<CheckedChunk>);
      if (next.kind === 'failed') throw next.error;
      if (next.value.done === true) return next.value.value;
    }
  } finally {
    await chunks.return(undefined as never);
  }
}

type Attempt<T> = { readonly kind: 'given'; readonly value: T } | { readonly kind: 'failed'; readonly error: unknown };

const attempt = <T>(promise: Promise<T>): Promise<Attempt<T>> =>
  promise.then(
    (value): Attempt<T> => ({ kind: 'given', value }),
    (error: unknown): Attempt<T> => ({ kind: 'failed', error }),
  );

/** Until it is awaited, a failure must not count as unhandled. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
