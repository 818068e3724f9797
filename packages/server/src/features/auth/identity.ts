import type { Caller } from '../../platform/http/access.ts';
import type { Routes } from '../../platform/http/app.ts';
import type { Platform } from '../../platform/platform.ts';
import { sessionRoutes } from '../sessions/sessions.routes.ts';
import { createSessionService, type SessionService } from '../sessions/sessions.service.ts';
import { PrincipalCache } from '../users/principal-cache.ts';
import { principalRepository } from '../users/principal.repository.ts';
import { createPrincipalService } from '../users/principals.service.ts';
import { privilegeRoutes } from '../users/privileges.routes.ts';
import { securityRoleRoutes } from '../users/security-roles.routes.ts';
import { createSecurityRoleService } from '../users/security-roles.service.ts';
import { userGroupRoutes } from '../users/usergroups.routes.ts';
import { createUserGroupService } from '../users/usergroups.service.ts';
import { userRoutes } from '../users/users.routes.ts';
import { createUserService } from '../users/users.service.ts';
import { authRoutes } from './auth.routes.ts';
import { createAuthService } from './auth.service.ts';

export interface Identity {
  readonly sessions: SessionService;
  /** What `createApp` asks for the caller of a token. */
  authenticate(token: string): Promise<Caller | null>;
  readonly routes: readonly Routes[];
}

export interface IdentityOptions {
  /** Idle limit of a session in seconds. */
  readonly sessionTimeout: number;
  /** Told after sessions may have ended; what it does must not fail. */
  readonly onSessionsEnded?: () => Promise<void>;
}

/** Who is calling and what they may do: login, sessions, users, groups, roles and privileges, wired together. */
export function createIdentity(platform: Platform, config: IdentityOptions): Identity {
  const cache = new PrincipalCache(principalRepository(platform.metadata.reader));
  const { sessionTimeout, onSessionsEnded } = config;
  const sessions = createSessionService({
    platform,
    principals: cache,
    timeoutSeconds: sessionTimeout,
    ...(onSessionsEnded ? { onSessionsEnded } : {}),
  });
  const principals = createPrincipalService(platform);
  return {
    sessions,
    authenticate: (token) => sessions.authenticate(token),
    routes: [
      authRoutes(createAuthService({ platform, principals: cache, sessions })),
      sessionRoutes(sessions),
      userRoutes(createUserService({ platform, sessions }), principals),
      userGroupRoutes(createUserGroupService(platform), principals),
      securityRoleRoutes(createSecurityRoleService(platform)),
      privilegeRoutes,
    ],
  };
}
