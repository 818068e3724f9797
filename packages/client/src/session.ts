import type { SessionPrivilege } from '@longshore/contracts';
import type { Transport } from './transport.ts';

/** How to log in (spec/api.md 2.1). */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'apiToken'; readonly apiToken: string }
  | { readonly kind: 'identityToken'; readonly identityToken: string };

export interface ServerStatus {
  readonly iServerVersion: string;
  readonly webVersion: string;
}

export interface UserInfo {
  readonly id: string;
  readonly fullName: string;
}

export interface SessionApi {
  /** Opens a session; a later call that meets an expired session logs in again once, with the same credentials. */
  login(credentials: Credentials, signal?: AbortSignal): Promise<void>;
  /** Ends the session. One that has already ended is no error. */
  logout(signal?: AbortSignal): Promise<void>;
  /** Needs no session. */
  status(signal?: AbortSignal): Promise<ServerStatus>;
  userInfo(signal?: AbortSignal): Promise<UserInfo>;
  /** Every privilege, and where the caller holds it. */
  privileges(signal?: AbortSignal): Promise<readonly SessionPrivilege[]>;
}

const LOGIN_MODE = { standard: 1, apiToken: 4096, identityToken: -1 } as const;
const WEB_APPLICATION = 35;

export function createSessionApi(transport: Transport): SessionApi {
  const { session } = transport;
  const open = async (credentials: Credentials, signal?: AbortSignal): Promise<void> => {
    // The old token stays until there is a new one: calls that meet its end meanwhile must join this login.
    transport.forgetCookies();
    const { path, json } = loginCall(credentials);
    const response = await transport.send({ method: 'POST', path, json, signal, kind: 'open' });
    const token = response.headers.get('x-mstr-authtoken') ?? (await tokenInBody(response));
    if (!token) throw new Error(`${transport.libraryUrl} accepted the login but sent no session token.`);
    session.token = token;
  };
  return {
    async login(credentials, signal) {
      session.token = null;
      session.renew = null;
      await open(credentials, signal);
      session.renew = () => open(credentials);
    },
    async logout(signal) {
      if (session.token === null) return;
      // Without this an expired session would be renewed only to be closed.
      session.renew = null;
      try {
        await transport.done({ method: 'POST', path: '/auth/logout', signal });
      } catch (error) {
        if (!isDeadSession(error)) throw error;
      } finally {
        session.token = null;
      }
    },
    status: (signal) => transport.json({ method: 'GET', path: '/status', signal, kind: 'open' }),
    async privileges(signal) {
      const path = '/sessions/privileges';
      const answer = await transport.json<{ privileges: SessionPrivilege[] }>({ method: 'GET', path, signal });
      return answer.privileges;
    },
    userInfo: (signal) => transport.json({ method: 'GET', path: '/sessions/userInfo', signal }),
  };
}

function loginCall(credentials: Credentials): { path: string; json: object } {
  if (credentials.kind === 'identityToken') {
    const { identityToken } = credentials;
    return { path: '/auth/delegate', json: { loginMode: LOGIN_MODE.identityToken, identityToken } };
  }
  const who =
    credentials.kind === 'apiToken'
      ? { loginMode: LOGIN_MODE.apiToken, username: credentials.apiToken }
      : { loginMode: LOGIN_MODE.standard, username: credentials.username, password: credentials.password };
  return { path: '/auth/login', json: { ...who, applicationType: WEB_APPLICATION } };
}

async function tokenInBody(response: Response): Promise<string | undefined> {
  const text = await response.text();
  if (text === '') return undefined;
  const body = JSON.parse(text) as Record<string, unknown>;
  const token = body['X-MSTR-AuthToken'];
  return typeof token === 'string' ? token : undefined;
}

const isDeadSession = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 401;
