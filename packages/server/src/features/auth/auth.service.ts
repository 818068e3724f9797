import { AppError, LOGIN_MODE, MESSAGES, type LoginRequest } from '@longshore/contracts';
import { sha256 } from '../../platform/hash.ts';
import { missingPrivilege, PRIVILEGE, type Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { DEFAULT_SETTINGS, integerOf, settingsOf } from '../sessions/session-settings.ts';
import type { OpenedSession } from '../sessions/session-store.ts';
import type { SessionService } from '../sessions/sessions.service.ts';
import { loadGrants, requireCovering } from '../users/grants.ts';
import type { PrincipalCache } from '../users/principal-cache.ts';
import { getUser } from '../users/principal-lookup.ts';
import { principalRepository } from '../users/principal.repository.ts';
import { PRINCIPAL } from '../users/well-known.ts';
import { PasswordLogin } from './password-login.ts';
import { tokenRepository } from './token.repository.ts';

export interface AuthServiceOptions {
  readonly platform: Platform;
  readonly principals: PrincipalCache;
  readonly sessions: SessionService;
}

const IDENTITY_TOKEN_LIFETIME_MS = 5 * 60_000;
/** A user's newest API tokens; making one more ends the oldest. */
const API_TOKENS_PER_USER = 10;
const DEFAULT_APPLICATION_TYPE = 35;

/** Lets users in: by password, API token or identity token, or as the guest. */
export class AuthService {
  readonly #platform: Platform;
  readonly #principals: PrincipalCache;
  readonly #sessions: SessionService;
  readonly #passwordLogin: PasswordLogin;

  constructor({ platform, principals, sessions }: AuthServiceOptions) {
    this.#platform = platform;
    this.#principals = principals;
    this.#sessions = sessions;
    this.#passwordLogin = new PasswordLogin({ platform, principals, sessions });
  }

  /**
   * Opens a session (spec/api.md 2.1).
   * @throws AppError `loginFailed` or `tooManyAttempts` (401 ERR003), `missing` or `invalid` (400) for the request.
   */
  async login(request: LoginRequest): Promise<OpenedSession> {
    const loginMode = integerOf('loginMode', request.loginMode) ?? LOGIN_MODE.standard;
    const applicationType = integerOf('applicationType', request.applicationType) ?? DEFAULT_APPLICATION_TYPE;
    const settings = settingsOf(request);
    const userId = await this.#identify(loginMode, request);
    return this.#sessions.open(userId, { loginMode, applicationType, settings });
  }

  async logout(token: string): Promise<void> {
    await this.#sessions.close(token);
  }

  /** A token by which another session of the caller can be opened within five minutes. */
  async createIdentityToken(caller: Caller): Promise<string> {
    const { clock, ids, library } = this.#platform;
    const token = ids.token();
    const now = clock.now();
    const stored = { userId: caller.user.id, createdAt: now };
    await library.write((tx) =>
      tokenRepository(tx).addIdentity(sha256(token), stored, now - IDENTITY_TOKEN_LIFETIME_MS),
    );
    return token;
  }

  /** @throws AppError `unauthenticated` (401 ERR009) for a token that is unknown or has expired. */
  async checkIdentityToken(token: string): Promise<void> {
    if (await this.#userOfIdentityToken(token)) return;
    throw new AppError('unauthenticated', 'The identity token is unknown or has expired. Ask for a new one.');
  }

  /** @throws AppError `loginFailed` for a token that is unknown or has expired. */
  async delegate(request: { loginMode?: number | string; identityToken: string }): Promise<OpenedSession> {
    const loginMode = integerOf('loginMode', request.loginMode) ?? LOGIN_MODE.delegate;
    if (loginMode !== LOGIN_MODE.delegate) throw new AppError('invalid', 'loginMode must be -1 to delegate a session.');
    const userId = await this.#userOfIdentityToken(request.identityToken);
    if (!userId) throw new AppError('loginFailed', MESSAGES.loginFailed);
    const origin = { loginMode, applicationType: DEFAULT_APPLICATION_TYPE, settings: DEFAULT_SETTINGS };
    return this.#sessions.open(userId, origin);
  }

  /**
   * A lasting token for the caller, or for a user whom the caller may manage.
   * @throws AppError `missingPrivilege`, and `notFound` for an unknown user.
   */
  async createApiToken(caller: Caller, userId: string | undefined): Promise<string> {
    const { clock, ids, library } = this.#platform;
    const ownerId = userId === undefined ? caller.user.id : await this.#requireManaged(caller, userId);
    const token = ids.token();
    const stored = { userId: ownerId, createdAt: clock.now() };
    await library.write((tx) => tokenRepository(tx).addApi(sha256(token), stored, API_TOKENS_PER_USER));
    return token;
  }

  async #identify(loginMode: number, request: LoginRequest): Promise<string> {
    switch (loginMode) {
      case LOGIN_MODE.standard:
        return this.#passwordLogin.identify(request);
      case LOGIN_MODE.apiToken:
        return this.#identifyByApiToken(request.username);
      case LOGIN_MODE.anonymous:
        return this.#identifyGuest();
      default:
        throw new AppError(
          'invalid',
          `loginMode ${loginMode} is not supported. Use 1 (standard), 4096 (API token) or 8 (anonymous).`,
        );
    }
  }

  async #identifyByApiToken(token: string | undefined): Promise<string> {
    if (!token) throw new AppError('missing', 'The API token is required in the field username.');
    const stored = await tokenRepository(this.#platform.library.reader).findApi(sha256(token));
    const active = stored && (await this.#principals.find(stored.userId));
    if (!active) throw new AppError('loginFailed', MESSAGES.loginFailed);
    return active.user.id;
  }

  async #identifyGuest(): Promise<string> {
    const guest = await this.#principals.find(PRINCIPAL.guest);
    if (guest) return guest.user.id;
    throw new AppError(
      'loginFailed',
      'Login failed. Anonymous login is not enabled; an administrator can enable the user Guest.',
    );
  }

  async #userOfIdentityToken(token: string): Promise<string | undefined> {
    const stored = await tokenRepository(this.#platform.library.reader).findIdentity(sha256(token));
    if (!stored || this.#platform.clock.now() - stored.createdAt >= IDENTITY_TOKEN_LIFETIME_MS) return undefined;
    const active = await this.#principals.find(stored.userId);
    return active?.user.id;
  }

  async #requireManaged(caller: Caller, id: string): Promise<string> {
    const repository = principalRepository(this.#platform.metadata.reader);
    const user = await getUser(repository, id);
    if (user.id === caller.user.id) return user.id;
    if (!caller.hasPrivilege(PRIVILEGE.userManager, null)) throw missingPrivilege('Create and edit users and groups');
    requireCovering(caller, await loadGrants((ids) => repository.load(ids), user.id));
    return user.id;
  }
}

export function createAuthService(options: AuthServiceOptions): AuthService {
  return new AuthService(options);
}
