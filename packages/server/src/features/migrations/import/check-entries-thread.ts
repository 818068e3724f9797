import { ChunkLines, type MovedLines } from '@longshore/package-file/chunk-lines';
import { serveSideThread, type SideWork } from '../../../platform/jobs/serve-side-thread.ts';
import { checkEntries, type EntryRules } from './check-entries.ts';
import type { EntryFacts } from './entry-facts.ts';

/** A chunk to be checked; `hello` asks for nothing and is answered as soon as the thread can work. */
export type CheckQuestion = 'hello' | { readonly lines: MovedLines; readonly rules: EntryRules };

/** The lines come back with what is known of their entries. */
export type CheckAnswer = 'hello' | { readonly lines: MovedLines; readonly facts: EntryFacts };

const work: SideWork<CheckQuestion, CheckAnswer> = async (question) => {
  if (question === 'hello') return { result: 'hello', handedOver: [] };
  const lines = ChunkLines.arrived(question.lines);
  const facts = checkEntries(lines, question.rules);
  const moved = lines.leave();
  const { keyEnds, kept, aclNumbers } = facts;
  const handedOver = [moved.bytes, moved.ends, keyEnds, kept, aclNumbers].map(({ buffer }) => buffer);
  return { result: { lines: moved, facts }, handedOver };
};

serveSideThread(work);
