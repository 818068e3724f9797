import { setTimeout as delay } from 'node:timers/promises';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export interface Recording {
  /** Writes down how a job has ended. */
  record(): Promise<void>;
  /** Told of every failure, and whether it is tried again. */
  failed(error: unknown, isTriedAgain: boolean): void;
  /** Aborted when the process stops: whoever settles what is left over comes then. */
  readonly stopping: AbortSignal;
}

/**
 * Writes down how a job has ended, again and again while that fails: the disk may be full or the database away for a
 * time, and because of that nothing must be told to run for ever.
 * @returns whether it was written; false only when the process stops
 */
export async function untilRecorded(recording: Recording): Promise<boolean> {
  const { stopping } = recording;
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
    try {
      await recording.record();
      return true;
    } catch (error) {
      recording.failed(error, !stopping.aborted);
      if (stopping.aborted) return false;
    }
    await delay(pause, undefined, { signal: stopping }).catch(() => undefined);
  }
}
