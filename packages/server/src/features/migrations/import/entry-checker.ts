import { ChunkLines } from '@longshore/package-file';
import { checkEntries, type EntryRules } from './check-entries.ts';
import { CheckedChunk } from './checked-chunk.ts';
import type { PackageThread } from './package-thread-questions.ts';

/** Checks the entries of chunks, one chunk after another. */
export interface EntryChecker {
  /**
   * Takes over the lines.
   * @throws AppError `invalid` for the first entry that cannot be trusted; any other error when the thread has ended
   */
  check(lines: ChunkLines): Promise<CheckedChunk>;
}

/** A checker with a thread, which is up some time after it was made. */
export interface CheckerBeside extends EntryChecker {
  /** Settled once the thread has come up, or has failed to. */
  readonly up: Promise<void>;
}

/** Checks in a thread, where there is one. */
export const entryChecker = (rules: EntryRules, thread: PackageThread | null): EntryChecker =>
  thread ? checkerBeside(rules, thread) : checkerHere(rules);

/** Checks in the thread that asks. */
export function checkerHere(rules: EntryRules): EntryChecker {
  return { check: async (lines) => new CheckedChunk(lines, checkEntries(lines, rules)) };
}

/**
 * Checks in a thread of its own, and in this one until that is up. A thread that fails to come up tells why as soon as it is
 * asked for a chunk.
 */
export function checkerBeside(rules: EntryRules, thread: PackageThread): CheckerBeside {
  const here = checkerHere(rules);
  let isUp = false;
  const noteUp = (): void => {
    isUp = true;
  };
  return {
    up: thread.ask({ kind: 'hello' }).then(noteUp, noteUp),
    check: (lines) => (isUp ? checkIn(thread, lines, rules) : here.check(lines)),
  };
}

/** The memory of the lines goes to the thread and comes back; it is copied nowhere. */
async function checkIn(thread: PackageThread, lines: ChunkLines, rules: EntryRules): Promise<CheckedChunk> {
  const moved = lines.leave();
  const answer = await thread.ask({ kind: 'check', lines: moved, rules }, [moved.bytes.buffer, moved.ends.buffer]);
  if (answer === 'done') throw new Error('The thread has answered something else than it was asked.');
  return new CheckedChunk(ChunkLines.arrived(answer.lines), answer.facts);
}
