import { useRef } from 'react';

export interface Rate {
  /** Share of the whole, in percent, that is done in a second. */
  readonly percentPerSecond: number;
  readonly secondsLeft: number;
}

interface Sample {
  readonly phase: string;
  readonly progress: number;
  readonly at: number;
}

/**
 * How fast a piece of work goes, measured since this page first saw it; null until it has moved twice. A reload starts
 * the measurement anew, the work itself goes on.
 */
export function useRate(phase: string, progress: number, now: () => number = () => performance.now()): Rate | null {
  const first = useRef<Sample | null>(null);
  const last = useRef<Sample | null>(null);
  /* oxlint-disable react/refs -- samples are measurements of time, which no other render may share */
  if (first.current?.phase !== phase || progress < first.current.progress) {
    first.current = { phase, progress, at: now() };
    last.current = null;
  } else if (progress > (last.current?.progress ?? first.current.progress)) {
    last.current = { phase, progress, at: now() };
  }
  return rateBetween(first.current, last.current);
  /* oxlint-enable react/refs */
}

export function rateBetween(first: Sample | null, last: Sample | null): Rate | null {
  if (!first || !last || last.at <= first.at || last.progress <= first.progress) return null;
  const percentPerSecond = ((last.progress - first.progress) / (last.at - first.at)) * 1000;
  return { percentPerSecond, secondsLeft: (100 - last.progress) / percentPerSecond };
}
