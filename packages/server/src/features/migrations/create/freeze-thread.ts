import { workerData } from 'node:worker_threads';
import { AppError, MESSAGES } from '@longshore/contracts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { readState, type StateTicket } from '../../../platform/db/shared-state.ts';
import { isDatabaseUnusable } from '../../../platform/db/unusable-database.ts';
import { serveSideThread, type SideResult } from '../../../platform/jobs/serve-side-thread.ts';
import { freezeObjects } from './freeze-object.ts';
import { freezeSpan, type Freezing, type FrozenSpan, type Span } from './freeze-span.ts';
import { packageSource } from './package-source.repository.ts';

/** What the thread is started with. */
export interface FreezeThreadData {
  /** Where the metadata is; see `openConnection`. */
  readonly metadataLocation: string;
  readonly ticket: StateTicket;
  /** Scope of the package. */
  readonly scope: string;
  readonly contentList: Freezing['contentList'];
}

/** The first question is whether it has begun to read the state; all others are spans. */
export type FreezeQuestion = 'begin' | Span;
export type FreezeAnswer = 'begun' | FrozenSpan;

const data = workerData as FreezeThreadData;

const opened = openFreezing();
// It is awaited with the first question.
opened.catch(() => undefined);

async function openFreezing(): Promise<Freezing> {
  const { metadataLocation, ticket, scope, contentList } = data;
  // Closed by the end of the thread: nothing else would be done with it.
  const { executor } = await readState<MetadataTables>(metadataLocation, ticket);
  return { source: packageSource(executor, scope), freeze: freezeObjects, contentList };
}

async function answer(question: FreezeQuestion): Promise<SideResult<FreezeAnswer>> {
  try {
    const freezing = await opened;
    if (question === 'begin') return { result: 'begun', handedOver: [] };
    const result = await freezeSpan(freezing, question);
    return { result, handedOver: buffersOf(result) };
  } catch (error) {
    if (!isDatabaseUnusable(error)) throw error;
    throw new AppError('databaseUnavailable', MESSAGES.databaseUnavailable, { cause: error });
  }
}

const buffersOf = ({ lines, piece }: FrozenSpan): ArrayBuffer[] => [
  ...lines.flatMap(({ bytes, ends }) => [bytes.buffer, ends.buffer]),
  ...(piece ? [piece.buffer] : []),
];

serveSideThread(answer);
