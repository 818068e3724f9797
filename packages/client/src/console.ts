import type { ConsoleSettings } from '@longshore/contracts';
import type { Transport } from './transport.ts';

export interface ConsoleApi {
  /** Which environment the server is, and which others its console may connect to. Needs no session. */
  settings(signal?: AbortSignal): Promise<ConsoleSettings>;
}

export const createConsoleApi = (transport: Transport): ConsoleApi => ({
  settings: (signal) => transport.json({ method: 'GET', path: '/longshore/console', signal, kind: 'open' }),
});
