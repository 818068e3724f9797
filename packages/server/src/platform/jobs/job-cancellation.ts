import { AppError } from '@longshore/contracts';

/** States of the flag that a job shares with the thread that works on it. */
const OPEN = 0;
const CANCELLED = 1;
const CLOSED = 2;

/** One number in memory that threads share: a thread hears no messages while it works. */
export type CancellationFlag = Int32Array<SharedArrayBuffer>;

/** Thrown by a job that finds itself cancelled; all that it did is taken back as after any failure. */
export class JobCancelled extends AppError {
  constructor() {
    super('invalid', 'The job was cancelled and nothing was changed.');
    this.name = 'JobCancelled';
  }
}

/** A job as seen by those who may cancel it. */
export class JobCancellation {
  readonly flag: CancellationFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #by: string | null = null;
  #listener: (() => void) | null = null;

  /** Who cancelled the job; null as long as nobody did. */
  get by(): string | null {
    return this.#by;
  }

  /** @returns false when the job is past the point from which it is done */
  cancel(by: string): boolean {
    const before = Atomics.compareExchange(this.flag, 0, OPEN, CANCELLED);
    if (before !== OPEN) return before === CANCELLED;
    this.#by = by;
    this.#listener?.();
    return true;
  }

  /** Calls the listener once the job is cancelled, at once when it is already. */
  onCancelled(listener: () => void): void {
    this.#listener = listener;
    if (this.#by !== null) listener();
  }
}

/** The same job as seen by the thread that works on it. */
export interface CancellationPoint {
  /** Between two steps of the work. @throws JobCancelled */
  check(): void;
  /** Last thing before the work is kept: from here on it cannot be cancelled. @throws JobCancelled */
  close(): void;
}

export function cancellationPoint(flag: CancellationFlag): CancellationPoint {
  return {
    check() {
      if (Atomics.load(flag, 0) === CANCELLED) throw new JobCancelled();
    },
    close() {
      if (Atomics.compareExchange(flag, 0, OPEN, CLOSED) === CANCELLED) throw new JobCancelled();
    },
  };
}
