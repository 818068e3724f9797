import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { watchState, type StateWatch } from '../../../platform/db/shared-state.ts';
import { SideThread } from '../../../platform/jobs/side-thread.ts';
import type { FreezeAnswer, FreezeQuestion, FreezeThreadData } from './freeze-thread.ts';
import type { FrozenSpan } from './freeze-span.ts';
import type { SpanFreezer } from './frozen-spans.ts';

/** Packages with fewer objects are done before a thread has started. */
const LARGE_OBJECTS = 5_000;

type Thread = SideThread<FreezeQuestion, FreezeAnswer>;

/** A thread that freezes a part of a large package from the same snapshot. */
export interface FreezeBeside {
  /** Told how many objects a package has, as far as that is known: with enough of them the thread is started. */
  grown(objects: number, package_: Growing): Promise<void>;
  /** Null until the thread reads that snapshot, and for ever where it can not. */
  freezer(): SpanFreezer | null;
  close(): Promise<void>;
}

/** A package that is being made. */
export interface Growing extends Pick<FreezeThreadData, 'scope' | 'contentList'> {
  readonly snapshot: Executor<MetadataTables>;
}

/** To be made before the transaction of the snapshot begins; the thread is started from so many objects on. */
export function freezeBeside(metadataLocation: string, fromObjects = LARGE_OBJECTS): FreezeBeside {
  const watch = watchState(metadataLocation);
  let thread: Thread | null = null;
  let freezer: SpanFreezer | null = null;
  let isClosed = false;
  return {
    async grown(objects, { snapshot, scope, contentList }) {
      if (thread || objects < fromObjects) return;
      thread = startThread({ metadataLocation, ticket: await watch.ticketOf(snapshot), scope, contentList });
      void begin(thread, watch).then(
        (begun) => (freezer = begun),
        // The package is then made by one thread, as a small one is.
        (error: unknown) => isClosed || process.emitWarning(error instanceof Error ? error : String(error)),
      );
    },
    freezer: () => (isClosed ? null : freezer),
    async close() {
      isClosed = true;
      await thread?.close();
      watch.close();
    },
  };
}

const startThread = (data: FreezeThreadData): Thread =>
  new SideThread(new URL('./freeze-thread.ts', import.meta.url), data);

/** Null when something was committed before the thread began to read: it would see another state. */
async function begin(thread: Thread, watch: StateWatch): Promise<SpanFreezer | null> {
  await thread.ask('begin');
  if (!watch.holds()) return null;
  return {
    get waiting() {
      return thread.waiting;
    },
    freeze: async (span) => (await thread.ask(span)) as FrozenSpan,
  };
}
