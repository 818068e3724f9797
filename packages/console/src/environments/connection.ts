import { createClient, type Credentials, type LibraryClient, type UserInfo } from '@longshore/client';
import type { ConsoleEnvironment } from '@longshore/contracts';

/** A signed-in environment. Its session token lives in the client, in memory, and nowhere else. */
export interface Connection {
  readonly environment: ConsoleEnvironment;
  readonly client: LibraryClient;
  readonly user: UserInfo;
  /** Whether the user holds a privilege everywhere, or in the project if one is given. */
  readonly holds: (privilege: number, projectId?: string) => boolean;
}

/** No cookies: the token alone says who calls, so that no page of another origin can borrow a session. */
const fetchWithoutCookies: typeof globalThis.fetch = (input, init) =>
  globalThis.fetch(input, { ...init, credentials: 'omit', cache: 'no-store' });

export const clientOf = (baseUrl: string): LibraryClient => createClient({ baseUrl, fetch: fetchWithoutCookies });

/** Where the server that serves this page answers, whatever name it was reached by. */
export const ownBaseUrl = (): string => `${globalThis.location.origin}/MicroStrategyLibrary`;

/** Signs in. @throws ApiError when the login is refused, ConnectionError when the environment does not answer. */
export async function connect(
  environment: ConsoleEnvironment,
  baseUrl: string,
  credentials: Credentials,
): Promise<Connection> {
  const client = clientOf(baseUrl);
  await client.login(credentials);
  const [user, privileges] = await Promise.all([client.userInfo(), client.privileges()]);
  const byId = new Map(privileges.map((privilege) => [Number(privilege.id), privilege]));
  return {
    environment,
    client,
    user,
    holds(id, projectId) {
      const privilege = byId.get(id);
      const inProject = privilege?.projects.some((project) => project.id === projectId && project.isAllowed) ?? false;
      return privilege?.isUserLevelAllowed === true || inProject;
    },
  };
}
