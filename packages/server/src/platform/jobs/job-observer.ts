/** How a job ended, as far as anybody counts it. */
export interface EndedJob {
  /** `superseded`: it is another worker's by now. */
  readonly outcome: 'done' | 'failed' | 'lost' | 'superseded';
  /** The kind of error of one that failed, from a short list; `defect` for what nobody expected. */
  readonly reason: string | null;
  /** Since this process has it, a wait for its turn included. */
  readonly seconds: number;
  /** How many objects it has moved, where that is known. */
  readonly objects: number;
}

/** Told of each job of this process. Each is submitted, started at most once, and ended. */
export interface JobObserver {
  submitted(kind: string): ObservedJob;
}

export interface ObservedJob {
  started(): void;
  ended(end: EndedJob): void;
}

export const NO_JOB_OBSERVER: JobObserver = {
  submitted: () => ({ started: () => undefined, ended: () => undefined }),
};
