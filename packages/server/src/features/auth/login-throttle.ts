import { loginKey } from '@longshore/domain';
import { AppError } from '@longshore/contracts';
import { sha256 } from '../../platform/hash.ts';
import type { Platform } from '../../platform/platform.ts';
import { loginFailureRepository } from './login-throttle.repository.ts';

/** The first failures cost nothing; from this one on the next try has to wait. */
const FIRST_DELAYED_FAILURE = 3;
const LONGEST_DELAY_SECONDS = 60;
/** A name that nobody has tried for so long starts from nothing. */
const FORGET_AFTER_MS = 15 * 60_000;
/** Names that are kept at most; whoever makes up names pushes out only those that have waited longest. */
const MAX_NAMES = 10_000;

/** Seconds to wait after so many failures in a row: 1, 2, 4, … 60 from the third on. */
export function delayAfter(failures: number): number {
  if (failures < FIRST_DELAYED_FAILURE) return 0;
  return Math.min(LONGEST_DELAY_SECONDS, 2 ** Math.min(failures - FIRST_DELAYED_FAILURE, 10));
}

/**
 * Slows down guessing: repeated failures for one login name make the next try wait, whether there is such a user or
 * not. Tries for one name run one after another, so that many at once do not all slip in before the first has failed.
 */
export class LoginThrottle {
  readonly #platform: Platform;
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /**
   * Runs one try; `check` tells whether the password was right.
   * @throws AppError `tooManyAttempts` (401 ERR003) while the name has to wait.
   */
  async attempt(username: string, check: () => Promise<boolean>): Promise<boolean> {
    const digest = sha256(loginKey(username));
    const before = this.#running.get(digest) ?? Promise.resolve();
    const current = before.then(() => this.#attemptNow(digest, check));
    const settled = current.catch(() => undefined);
    this.#running.set(digest, settled);
    try {
      return await current;
    } finally {
      if (this.#running.get(digest) === settled) this.#running.delete(digest);
    }
  }

  async #attemptNow(digest: string, check: () => Promise<boolean>): Promise<boolean> {
    const { clock, library } = this.#platform;
    const stored = await loginFailureRepository(library.reader).find(digest);
    const known = stored && clock.now() - stored.retry_at < FORGET_AFTER_MS ? stored : undefined;
    if (known && known.retry_at > clock.now()) throw tooManyAttempts(known.retry_at - clock.now());
    if (await check()) {
      if (stored) await library.write((tx) => loginFailureRepository(tx).remove(digest));
      return true;
    }
    await this.#recordFailure(digest, (known?.failures ?? 0) + 1);
    return false;
  }

  async #recordFailure(digest: string, failures: number): Promise<void> {
    const now = this.#platform.clock.now();
    await this.#platform.library.write(async (tx) => {
      const repository = loginFailureRepository(tx);
      await repository.put({ login_name: digest, failures, retry_at: now + delayAfter(failures) * 1000 });
      await repository.prune(now - FORGET_AFTER_MS, MAX_NAMES);
    });
  }
}

function tooManyAttempts(milliseconds: number): AppError {
  const seconds = Math.ceil(milliseconds / 1000);
  return new AppError(
    'tooManyAttempts',
    `Login failed too often for this name. Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`,
  );
}
