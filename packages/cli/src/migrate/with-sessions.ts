import type { LibraryClient } from '@longshore/client';
import type { Connection } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import type { ConnectedEvent } from '../output/events.ts';

export interface Login {
  readonly side: ConnectedEvent['side'];
  readonly client: LibraryClient;
  readonly connection: Connection;
}

/** How long the end of a command may wait for a server to close a session that would end by itself anyway. */
const LOGOUT_MS = 2000;

/** Logs in everywhere, does the work, and logs out whatever came of it. */
export async function withSessions(
  logins: readonly Login[],
  { io, emit }: CommandContext,
  work: () => Promise<void>,
): Promise<void> {
  try {
    for (const { side, client, connection } of logins) {
      await client.login(connection.credentials, io.signal);
      emit({ kind: 'connected', side, url: client.libraryUrl, user: connection.user });
    }
    await work();
  } finally {
    await Promise.allSettled(logins.map(({ client }) => client.logout(AbortSignal.timeout(LOGOUT_MS))));
  }
}
