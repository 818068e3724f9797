import { ChunkLines } from '@longshore/package-file';
import { SideThread } from '../../../platform/jobs/side-thread.ts';
import type { CheckAnswer, CheckQuestion } from './check-entries-thread.ts';
import { checkEntries, type EntryRules } from './check-entries.ts';
import { CheckedChunk } from './checked-chunk.ts';

/** Checks the entries of chunks, one chunk after another. */
export interface EntryChecker {
  /**
   * Takes over the lines.
   * @throws AppError `invalid` for the first entry that cannot be trusted; any other error when the thread has ended
   */
  check(lines: ChunkLines): Promise<CheckedChunk>;
  close(): Promise<void>;
}

/** A checker with a thread, which is up some time after it was made. */
export interface CheckerBeside extends EntryChecker {
  /** Settled once the thread has come up, or has failed to. */
  readonly up: Promise<void>;
}

/** Bytes of a package from which on a thread saves more than it costs: 0.15 s of CPU, 25 MB. */
const BESIDE_FROM_BYTES = 8 * 1024 * 1024;

/** Where a package of so many bytes is checked. */
export const entryChecker = (rules: EntryRules, packageBytes: number): EntryChecker =>
  packageBytes < BESIDE_FROM_BYTES ? checkerHere(rules) : checkerBeside(rules);

/** Checks in the thread that asks. */
export function checkerHere(rules: EntryRules): EntryChecker {
  return {
    check: async (lines) => new CheckedChunk(lines, checkEntries(lines, rules)),
    close: async () => undefined,
  };
}

/**
 * Checks in a thread of its own, and in this one until that is up. A thread that fails to come up tells why as soon as it is
 * asked for a chunk.
 */
export function checkerBeside(rules: EntryRules): CheckerBeside {
  const here = checkerHere(rules);
  const thread = new SideThread<CheckQuestion, CheckAnswer>(
    new URL('./check-entries-thread.ts', import.meta.url),
    null,
  );
  let isUp = false;
  const noteUp = (): void => {
    isUp = true;
  };
  return {
    up: thread.ask('hello').then(noteUp, noteUp),
    check: (lines) => (isUp ? checkIn(thread, lines, rules) : here.check(lines)),
    close: () => thread.close(),
  };
}

/** The memory of the lines goes to the thread and comes back; it is copied nowhere. */
async function checkIn(
  thread: SideThread<CheckQuestion, CheckAnswer>,
  lines: ChunkLines,
  rules: EntryRules,
): Promise<CheckedChunk> {
  const moved = lines.leave();
  const answer = await thread.ask({ lines: moved, rules }, [moved.bytes.buffer, moved.ends.buffer]);
  if (answer === 'hello') throw new Error('The thread has answered something else than it was asked.');
  return new CheckedChunk(ChunkLines.arrived(answer.lines), answer.facts);
}
