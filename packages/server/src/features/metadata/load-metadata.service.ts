import type { Readable } from 'node:stream';
import { AppError, type LoadResult } from '@longshore/contracts';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { CallerUser } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { loadInWorker } from './load-in-worker.ts';

/** How long a load waits for an import that is being written. */
const LOCK_PATIENCE_MS = 10_000;

/** A load holds the write lock; a client that stalls must not hold it for ever. */
const STALL_MS = 60_000;

/**
 * A load that has failed still reads what the client sends, up to this bound: a client that is cut off in the middle of
 * its upload mostly never sees the answer that says why.
 */
const DRAIN_BYTES = 1024 * 1024 * 1024;

/** Loads lines of projects and objects (design/architecture.md 5): all of them, or none. */
export function createLoadMetadata(platform: Platform) {
  return async (user: CallerUser, input: Readable): Promise<LoadResult> => {
    try {
      return await loadInWorker(chunksOf(input), {
        location: platform.metadata.location,
        order: { user: { id: user.id, name: user.name }, date: wireDateOfSecond(platform.clock.now()) },
        lockPatience: LOCK_PATIENCE_MS,
      });
    } catch (error) {
      await drain(input);
      throw error;
    }
  };
}

/** The input as it comes. It is left open where the reading stops, and ended when nothing comes for too long. */
async function* chunksOf(input: Readable): AsyncGenerator<Uint8Array> {
  const stall = new AppError('invalid', `Nothing was loaded: no input came for ${STALL_MS / 1000} seconds.`);
  const timer = setTimeout(() => input.destroy(stall), STALL_MS);
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      yield chunk as Uint8Array;
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function drain(input: Readable): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of input.destroyed ? [] : chunksOf(input)) {
      bytes += chunk.length;
      if (bytes > DRAIN_BYTES) return;
    }
  } catch {
    // The client has gone; there is nobody left to answer.
  }
}
