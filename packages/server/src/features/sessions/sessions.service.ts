import {
  AppError,
  MESSAGES,
  type SessionPrivilege,
  type SessionResponse,
  type UserInfoResponse,
} from '@longshore/contracts';
import { findPrivilege, parsePrivilege, PRIVILEGES, type PrivilegeInfo } from '@longshore/domain';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ActiveUser, PrincipalCache } from '../users/principal-cache.ts';
import { initialsOf } from '../users/principal-definition.ts';
import { principalRepository } from '../users/principal.repository.ts';
import { localeNumber } from './session-settings.ts';
import { SessionStore, type OpenedSession, type SessionOrigin } from './session-store.ts';

export interface SessionServiceOptions {
  readonly platform: Platform;
  /** What users may do; one cache serves sessions and logins. */
  readonly principals: PrincipalCache;
  /** Idle limit of a session in seconds. */
  readonly timeoutSeconds: number;
  /** Told after sessions may have ended, by whom these may be held; what it does must not fail. */
  readonly onSessionsEnded?: () => Promise<void>;
}

/** Opens, recognises and closes sessions; they outlive a restart when `flush` is called before it. */
export class SessionService {
  readonly #platform: Platform;
  readonly #principals: PrincipalCache;
  readonly #timeoutSeconds: number;
  readonly #store: SessionStore;

  constructor({ platform, principals, timeoutSeconds, onSessionsEnded }: SessionServiceOptions) {
    this.#platform = platform;
    this.#principals = principals;
    this.#timeoutSeconds = timeoutSeconds;
    this.#store = new SessionStore(platform, timeoutSeconds * 1000, onSessionsEnded ?? (async () => undefined));
  }

  /** Opens a session for a user who has proved who they are. Nothing but the answer knows the token. */
  open(userId: string, origin: SessionOrigin): Promise<OpenedSession> {
    return this.#store.open(userId, origin);
  }

  /**
   * The caller of a token, whose idle limit starts anew; null when the session is unknown or has expired, or when
   * its user has been deleted or disabled, which also ends it.
   */
  async authenticate(token: string): Promise<Caller | null> {
    const session = await this.#store.find(token);
    if (!session) return null;
    const active = await this.#principals.find(session.userId);
    if (!active) {
      await this.#store.close(token);
      return null;
    }
    await this.#store.touch(session);
    return toCaller(session.id, active);
  }

  close(token: string): Promise<void> {
    return this.#store.close(token);
  }

  /** Ends a user's sessions, but for one that may stay. */
  closeOfUser(userId: string, exceptSessionId: string | null): Promise<void> {
    return this.#store.closeOfUser(userId, exceptSessionId);
  }

  /** Writes what is kept in memory; to be called at shutdown. */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  /** @throws AppError `unauthenticated` when the session has ended meanwhile. */
  async get(token: string, caller: Caller): Promise<SessionResponse> {
    const session = await this.#store.find(token);
    if (!session) throw new AppError('unauthenticated', MESSAGES.sessionExpired);
    const { id, fullName, initials } = this.getUserInfo(caller);
    const locale = localeNumber(session.settings.metadataLocale);
    return { id, fullName, initials, timeout: this.#timeoutSeconds, locale, ...session.settings };
  }

  getUserInfo({ user }: Caller): UserInfoResponse {
    return { id: user.id, fullName: user.name, initials: initialsOf(user.name), username: user.login };
  }

  /** Every privilege, whether it holds everywhere, and the projects in which it holds. */
  async listPrivileges(caller: Caller): Promise<SessionPrivilege[]> {
    const projects = await principalRepository(this.#platform.metadata.reader).listProjects();
    return PRIVILEGES.map((privilege) => toSessionPrivilege(caller, privilege, projects));
  }

  /** @throws AppError `notFound` for what is no privilege. */
  async getPrivilege(caller: Caller, id: string): Promise<SessionPrivilege> {
    const number = parsePrivilege(id);
    const privilege = number === undefined ? undefined : findPrivilege(number);
    if (!privilege) throw new AppError('notFound', `There is no privilege with the id ${id}.`);
    const projects = await principalRepository(this.#platform.metadata.reader).listProjects();
    return toSessionPrivilege(caller, privilege, projects);
  }
}

export function createSessionService(options: SessionServiceOptions): SessionService {
  return new SessionService(options);
}

function toCaller(sessionId: string, { user, grants }: ActiveUser): Caller {
  return {
    sessionId,
    user,
    principalIds: grants.principalIds,
    isAdministrator: grants.isAdministrator,
    hasPrivilege: (privilege, projectId) => grants.holds(privilege, projectId),
    hasPrivilegeSomewhere: (privilege) => grants.holdsSomewhere(privilege),
  };
}

function toSessionPrivilege(
  caller: Caller,
  privilege: PrivilegeInfo,
  projects: readonly { id: string; name: string }[],
): SessionPrivilege {
  return {
    id: String(privilege.id),
    name: privilege.name,
    description: privilege.description,
    isUserLevelAllowed: caller.hasPrivilege(privilege.id, null),
    projects: projects.map(({ id, name }) => ({ id, name, isAllowed: caller.hasPrivilege(privilege.id, id) })),
  };
}
