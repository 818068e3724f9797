import type { Platform } from '../../platform/platform.ts';
import { listSessionsUsedAfter, sessionHoldings } from './session-holdings.repository.ts';

/** No object is written, and what has ended holds nobody up any more: an import at work need not be waited for. */
const SCOPE = 'ended sessions';

/** Takes locks and changesets from sessions that have ended. */
export interface EndedSessions {
  /** To be called before anything asks for a lock; a read when there is nothing to take. */
  release(): Promise<void>;
}

/** The moment of last access in the database can be older than the true one by this much. */
const LONGEST_WRITE_DELAY_MS = 30_000;

/**
 * Sessions and what they hold lie in different databases, and a session that is idle for too long ends without notice;
 * so the holders are looked up whenever it matters. What outlives a restart is what its session outlives.
 * @param sessionTimeout idle limit of a session in seconds
 */
export function createEndedSessions(platform: Platform, sessionTimeout: number): EndedSessions {
  return {
    async release() {
      const holders = await sessionHoldings(platform.metadata.reader).listHolders();
      if (holders.length === 0) return;
      const idleSince = platform.clock.now() - sessionTimeout * 1000 - LONGEST_WRITE_DELAY_MS;
      const alive = await listSessionsUsedAfter(platform.library.reader, holders, idleSince);
      const ended = holders.filter((id) => !alive.has(id));
      if (ended.length > 0) await platform.metadata.write((tx) => sessionHoldings(tx).removeOf(ended), SCOPE);
    },
  };
}
