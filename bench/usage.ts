import { readFileSync, writeFileSync } from 'node:fs';

/** What a stretch of work has taken of the process that did it. */
export interface Usage {
  /** Seconds of user and system time, of all threads. */
  readonly cpu: number;
  /** Largest resident memory since the start of the process or the last `forgetPeak`, in bytes. */
  readonly peakMemory: number;
}

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** VmHWM of this process; Linux only. */
export function peakMemory(): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Lets the peak begin anew at what is resident now (proc(5), `clear_refs`). */
export function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The value below which the given share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
