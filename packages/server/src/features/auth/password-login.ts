import { AppError, MESSAGES, type LoginRequest } from '@longshore/contracts';
import type { Platform } from '../../platform/platform.ts';
import type { ActiveUser, PrincipalCache } from '../users/principal-cache.ts';
import { principalChanges } from '../users/principal-changes.ts';
import { principalRepository } from '../users/principal.repository.ts';
import { credentialRepository, type Credential } from './credential.repository.ts';
import { checkNewPassword } from './credentials.ts';
import { LoginThrottle } from './login-throttle.ts';
import { hashPassword, isOutdated, verifyNothing, verifyPassword } from './passwords.ts';

export interface PasswordLoginOptions {
  readonly platform: Platform;
  readonly principals: PrincipalCache;
  /** Who ends the sessions that were opened with the password of before. */
  readonly sessions: { closeOfUser(userId: string, exceptSessionId: string | null): Promise<void> };
}

interface Identified {
  readonly active: ActiveUser;
  readonly credential: Credential;
}

/**
 * Login in standard mode. An unknown name, a wrong password, a user without one and a disabled user fail alike, in
 * text and in time, so that nobody learns which names there are.
 */
export class PasswordLogin {
  readonly #platform: Platform;
  readonly #principals: PrincipalCache;
  readonly #sessions: PasswordLoginOptions['sessions'];
  readonly #throttle: LoginThrottle;

  constructor({ platform, principals, sessions }: PasswordLoginOptions) {
    this.#platform = platform;
    this.#principals = principals;
    this.#sessions = sessions;
    this.#throttle = new LoginThrottle(platform);
  }

  /**
   * The id of the user whose password it is; sets a new password when the request asks for it.
   * @throws AppError `loginFailed`, `tooManyAttempts`, or `invalid` for a new password that cannot be set.
   */
  async identify(request: LoginRequest): Promise<string> {
    const { username, password = '' } = request;
    if (!username) throw new AppError('missing', 'The field username is required.');
    let identified: Identified | undefined;
    await this.#throttle.attempt(username, async () => {
      identified = await this.#verify(username, password);
      return identified !== undefined;
    });
    if (!identified) throw new AppError('loginFailed', MESSAGES.loginFailed);
    await this.#renewPassword(identified, request);
    return identified.active.user.id;
  }

  async #verify(username: string, password: string): Promise<Identified | undefined> {
    const userId = await this.#principals.findIdByLogin(username);
    const credential = userId && (await credentialRepository(this.#platform.metadata.reader).find(userId));
    const matches = credential
      ? await verifyPassword(password, credential.passwordHash)
      : await verifyNothing(password);
    const active = userId && (await this.#principals.find(userId));
    return matches && credential && active && active.account.standardAuth ? { active, credential } : undefined;
  }

  async #renewPassword({ active, credential }: Identified, request: LoginRequest): Promise<void> {
    const { password = '', newPassword } = request;
    const hasExpired = credential.mustChange || this.#isPast(active.account.passwordExpirationDate);
    if (!wantsNewPassword(request)) {
      if (hasExpired) throw passwordExpired();
      if (isOutdated(credential.passwordHash)) await this.#rehash(active.user.id, password);
      return;
    }
    if (newPassword === undefined) throw new AppError('missing', 'The field newPassword is required.');
    if (!hasExpired && !active.account.passwordModifiable) {
      throw new AppError('invalid', `The user ${active.user.login} may not change the password. Ask an administrator.`);
    }
    checkNewPassword(newPassword);
    if (newPassword === password) throw new AppError('invalid', 'The new password must differ from the old one.');
    await this.#store(active, await hashPassword(newPassword));
    await this.#sessions.closeOfUser(active.user.id, null);
  }

  async #store({ user, account }: ActiveUser, passwordHash: string): Promise<void> {
    await this.#platform.metadata.write(async (tx) => {
      await credentialRepository(tx).put(user.id, { passwordHash, mustChange: false });
      const before = (await principalRepository(tx).load([user.id])).get(user.id);
      if (!before || !this.#isPast(account.passwordExpirationDate)) return;
      // The date was that of the old password; left in place it would lock the user out for good.
      const { passwordExpirationDate: _expired, ...definition } = before.definition;
      const changes = principalChanges(this.#platform);
      await changes.write(tx, user, [{ before, after: changes.revise(before, { definition }) }]);
    });
  }

  /** A hash of lower cost than new ones have is replaced now that the password is known. */
  async #rehash(userId: string, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    try {
      await this.#platform.metadata.write((tx) =>
        credentialRepository(tx).put(userId, { passwordHash, mustChange: false }),
      );
    } catch (error) {
      // The next login tries again; an import that holds the metadata must not keep anybody out.
      this.#platform.log.warn({ err: error }, 'A password hash could not be renewed.');
    }
  }

  #isPast(date: string | undefined): boolean {
    const moment = date === undefined ? Number.NaN : Date.parse(date);
    return moment <= this.#platform.clock.now();
  }
}

/** `newPassword` alone says it too, unless `changePassword` is false. */
function wantsNewPassword({ changePassword, newPassword }: LoginRequest): boolean {
  const flag = changePassword === undefined || changePassword === '' ? undefined : String(changePassword).toLowerCase();
  if (flag !== undefined && flag !== 'true' && flag !== 'false') {
    throw new AppError('invalid', 'changePassword must be true or false.');
  }
  return flag === 'true' || (flag === undefined && newPassword !== undefined && newPassword !== '');
}

function passwordExpired(): AppError {
  return new AppError('loginFailed', 'The password has expired. Log in with newPassword to set a new one.');
}
