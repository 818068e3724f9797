import type { SessionTable } from '../../platform/db/library-schema.ts';
import { isPostgres } from '../../platform/db/location.ts';
import { sha256 } from '../../platform/hash.ts';
import type { Platform } from '../../platform/platform.ts';
import { parseSettings, type SessionSettings } from './session-settings.ts';
import { sessionRepository, type LastAccess } from './session.repository.ts';

/** How a session came to be. */
export interface SessionOrigin {
  readonly loginMode: number;
  readonly applicationType: number;
  readonly settings: SessionSettings;
}

export interface OpenedSession {
  readonly token: string;
  readonly sessionId: string;
}

export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly settings: SessionSettings;
  lastAccessAt: number;
  /** `lastAccessAt` as the database has it. */
  writtenAccessAt: number;
}

const LONGEST_WRITE_DELAY_MS = 30_000;

/**
 * The sessions of this environment, by token. The moment of last access is kept in memory and written at most every
 * 30 seconds, so that a poll is not a write; a crash can age a session by that much.
 */
export class SessionStore {
  readonly #platform: Platform;
  /** Idle limit in milliseconds. */
  readonly #timeout: number;
  /** Told after sessions may have ended; what it does must not fail. */
  readonly #onEnded: () => Promise<void>;
  readonly #live = new Map<string, LiveSession>();
  /** Other servers use the same database: a session may end, or be used, there. */
  readonly #isShared: boolean;
  #flushedAt: number;

  constructor(platform: Platform, timeout: number, onEnded: () => Promise<void>) {
    this.#onEnded = onEnded;
    this.#platform = platform;
    this.#isShared = isPostgres(platform.library.location);
    this.#timeout = timeout;
    this.#flushedAt = platform.clock.now();
  }

  async open(userId: string, origin: SessionOrigin): Promise<OpenedSession> {
    const { clock, ids, library } = this.#platform;
    const token = ids.token();
    const now = clock.now();
    const row: SessionTable = {
      token_hash: sha256(token),
      id: ids.objectId(),
      user_id: userId,
      login_mode: origin.loginMode,
      application_type: origin.applicationType,
      settings: JSON.stringify(origin.settings),
      created_at: now,
      last_access_at: now,
    };
    await library.write((tx) => sessionRepository(tx).insert(row));
    this.#live.set(row.token_hash, toLive(row));
    return { token, sessionId: row.id };
  }

  /** The session of a token, unless it has been idle for too long; using it does not count as access. */
  async find(token: string): Promise<LiveSession | undefined> {
    const session = await this.#lookUp(sha256(token));
    return session && !this.#isExpired(session) ? session : undefined;
  }

  /** Starts a session's idle limit anew, and now and then writes what has been kept in memory. */
  async touch(session: LiveSession): Promise<void> {
    const now = this.#platform.clock.now();
    session.lastAccessAt = Math.max(session.lastAccessAt, now);
    if (now - this.#flushedAt >= Math.min(LONGEST_WRITE_DELAY_MS, this.#timeout / 4)) await this.flush();
  }

  async close(token: string): Promise<void> {
    const tokenHash = sha256(token);
    await this.#platform.library.write((tx) => sessionRepository(tx).remove(tokenHash));
    this.#live.delete(tokenHash);
    await this.#onEnded();
  }

  async closeOfUser(userId: string, exceptSessionId: string | null): Promise<void> {
    await this.#platform.library.write((tx) => sessionRepository(tx).removeOfUser(userId, exceptSessionId));
    for (const [tokenHash, session] of this.#live) {
      if (session.userId === userId && session.id !== exceptSessionId) this.#live.delete(tokenHash);
    }
    await this.#onEnded();
  }

  /** Writes when sessions were last used, and removes those that have expired. */
  async flush(): Promise<void> {
    const now = this.#platform.clock.now();
    this.#flushedAt = now;
    const accesses: LastAccess[] = [];
    for (const [tokenHash, session] of this.#live) {
      if (this.#isExpired(session)) this.#live.delete(tokenHash);
      if (session.lastAccessAt === session.writtenAccessAt) continue;
      session.writtenAccessAt = session.lastAccessAt;
      accesses.push({ tokenHash, at: session.lastAccessAt });
    }
    await this.#platform.library.write(async (tx) => {
      await sessionRepository(tx).setLastAccess(accesses);
      await sessionRepository(tx).removeIdleSince(now - this.#timeout);
    });
    await this.#onEnded();
  }

  #isExpired(session: LiveSession): boolean {
    return this.#platform.clock.now() - session.lastAccessAt >= this.#timeout;
  }

  async #lookUp(tokenHash: string): Promise<LiveSession | undefined> {
    const known = this.#live.get(tokenHash);
    if (known && !this.#isShared) return known;
    const row = await sessionRepository(this.#platform.library.reader).find(tokenHash);
    if (!row) {
      this.#live.delete(tokenHash);
      return undefined;
    }
    if (known) {
      known.lastAccessAt = Math.max(known.lastAccessAt, row.last_access_at);
      return known;
    }
    // Two requests may have asked the database at once; both have to go on with the same session.
    const session = this.#live.get(tokenHash) ?? toLive(row);
    this.#live.set(tokenHash, session);
    return session;
  }
}

function toLive(row: SessionTable): LiveSession {
  return {
    id: row.id,
    userId: row.user_id,
    settings: parseSettings(row.settings),
    lastAccessAt: row.last_access_at,
    writtenAccessAt: row.last_access_at,
  };
}
