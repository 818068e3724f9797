import { AppError } from '@longshore/contracts/errors';
import { ChunkLines } from '@longshore/package-file/chunk-lines';
import { ScratchWriter } from '../../../platform/db/scratch-writer.ts';
import { describeUnusable, isDatabaseUnusable } from '../../../platform/db/unusable-database.ts';
import { serveSideThread, type SideResult } from '../../../platform/jobs/serve-side-thread.ts';
import { checkEntries } from './check-entries.ts';
import type { PackageAnswer, PackageQuestion, StagingQuestion } from './package-thread-questions.ts';
import { referenceStaging, type ReferenceStaging } from './reference-staging.ts';
import { refuseUnstaged } from './staging-refusal.ts';

/** The references of the one package that the thread works on. */
let scratch: { readonly writer: ScratchWriter; readonly staging: ReferenceStaging } | null = null;

function openedScratch(): NonNullable<typeof scratch> {
  if (!scratch) throw new Error('No scratch database is open.');
  return scratch;
}

async function answer(question: PackageQuestion): Promise<SideResult<PackageAnswer>> {
  switch (question.kind) {
    case 'hello':
      return DONE;
    case 'check':
      return checked(question);
    case 'open':
    case 'stage':
    case 'finish':
      await stage(question).catch(refuseUnstaged).catch(refuseUnusable);
      return DONE;
  }
}

async function stage(question: StagingQuestion): Promise<void> {
  switch (question.kind) {
    case 'open': {
      const writer = new ScratchWriter(question.file);
      scratch = { writer, staging: referenceStaging(writer.insert) };
      return;
    }
    case 'stage':
      return openedScratch().staging.add(question.needed);
    case 'finish': {
      const { writer, staging } = openedScratch();
      await staging.finish();
      writer.close();
      scratch = null;
    }
  }
}

/** Of another error, only its text gets to the job, which could not know a full disk by it. */
function refuseUnusable(error: unknown): never {
  throw isDatabaseUnusable(error)
    ? new AppError('databaseUnavailable', describeUnusable(error), { cause: error })
    : error;
}

const DONE: SideResult<PackageAnswer> = { result: 'done', handedOver: [] };

function checked({ lines: moved, rules }: Extract<PackageQuestion, { kind: 'check' }>): SideResult<PackageAnswer> {
  const lines = ChunkLines.arrived(moved);
  const facts = checkEntries(lines, rules);
  const left = lines.leave();
  const { keyEnds, kept, aclNumbers } = facts;
  const handedOver = [left.bytes, left.ends, keyEnds, kept, aclNumbers].map(({ buffer }) => buffer);
  return { result: { lines: left, facts }, handedOver };
}

serveSideThread(answer);
