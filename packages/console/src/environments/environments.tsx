import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { Credentials } from '@longshore/client';
import type { ConsoleEnvironment, ConsoleSettings } from '@longshore/contracts';
import { connect as openConnection, ownBaseUrl, type Connection } from './connection.ts';

export interface Environments {
  /** All that this console may connect to, the one that serves it first. */
  readonly known: readonly ConsoleEnvironment[];
  readonly connections: readonly Connection[];
  /** The environment that the pages are about; null while nobody is signed in. */
  readonly current: Connection | null;
  readonly select: (url: string) => void;
  /** @throws ApiError when the login is refused, ConnectionError when the environment does not answer. */
  readonly connect: (environment: ConsoleEnvironment, credentials: Credentials) => Promise<void>;
  readonly disconnect: (url: string) => Promise<void>;
}

const EnvironmentsContext = createContext<Environments | null>(null);

interface State {
  readonly connections: readonly Connection[];
  readonly currentUrl: string | null;
}

export function EnvironmentsProvider({
  settings,
  children,
}: {
  readonly settings: ConsoleSettings;
  readonly children: ReactNode;
}) {
  const [{ connections, currentUrl }, setState] = useState<State>({ connections: [], currentUrl: null });
  const select = useCallback((url: string) => setState((state) => ({ ...state, currentUrl: url })), []);
  const connect = useCallback(
    async (environment: ConsoleEnvironment, credentials: Credentials) => {
      const baseUrl = environment.url === settings.self.url ? ownBaseUrl() : environment.url;
      const connection = await openConnection(environment, baseUrl, credentials);
      setState((state) => added(state, connection));
    },
    [settings],
  );
  const disconnect = useCallback(
    async (url: string) => {
      const connection = connections.find((one) => one.environment.url === url);
      setState((state) => removed(state, url));
      // The session may have ended already, or the server be gone; here it is over either way.
      await connection?.client.logout().catch(() => undefined);
    },
    [connections],
  );
  const value = useMemo<Environments>(
    () => ({
      known: [settings.self, ...settings.others],
      connections,
      current: connections.find(({ environment }) => environment.url === currentUrl) ?? null,
      select,
      connect,
      disconnect,
    }),
    [settings, connections, currentUrl, select, connect, disconnect],
  );
  return <EnvironmentsContext value={value}>{children}</EnvironmentsContext>;
}

const added = (state: State, connection: Connection): State => {
  const { url } = connection.environment;
  const others = state.connections.filter(({ environment }) => environment.url !== url);
  return { connections: [...others, connection], currentUrl: state.currentUrl ?? url };
};

const removed = (state: State, url: string): State => {
  const connections = state.connections.filter(({ environment }) => environment.url !== url);
  const currentUrl = state.currentUrl === url ? (connections[0]?.environment.url ?? null) : state.currentUrl;
  return { connections, currentUrl };
};

export function useEnvironments(): Environments {
  const environments = useContext(EnvironmentsContext);
  if (!environments) throw new Error('useEnvironments needs an EnvironmentsProvider above it.');
  return environments;
}

/** The connection that the page is about. Pages are rendered only while there is one. */
export function useCurrent(): Connection {
  const { current } = useEnvironments();
  if (!current) throw new Error('useCurrent is for pages behind the sign-in.');
  return current;
}
