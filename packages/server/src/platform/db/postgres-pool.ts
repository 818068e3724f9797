import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { Pool, types, type PoolClient } from 'pg';
import { COPY_ROWS } from './bulk.ts';
import { splitLocation } from './location.ts';
import { copyRows } from './postgres-copy.ts';
import { toPostgres } from './postgres-sql.ts';

export interface PoolOptions {
  /** How many connections at most. */
  readonly most: number;
}

const INT8 = 20;
const NUMERIC = 1700;
const BOOL = 16;

/** As SQLite answers: whole numbers and sums are numbers (none here comes near 2^53), conditions are 0 or 1. */
function parserOf(oid: number): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return Number;
  if (oid === BOOL) return (text) => (text === 't' ? 1 : 0);
  return types.getTypeParser(oid, 'text');
}

const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;

/**
 * The server notices within a minute that a client is gone, and gives back what it held locked: also when an answer was
 * on its way, which keepalives do not look after and the system would repeat for a quarter of an hour.
 */
const GONE_CLIENTS = [
  'tcp_keepalives_idle=20',
  'tcp_keepalives_interval=10',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=50s',
];
const SESSION = ['client_min_messages=warning', 'timezone=UTC', ...GONE_CLIENTS];

const toOptions = (settings: readonly string[]): string => settings.map((setting) => `-c ${setting}`).join(' ');

/** How both ends of a connection notice a network that is cut; the system would let a client wait for two hours. */
export const NOTICES_CUTS = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 20_000,
  options: toOptions(GONE_CLIENTS),
} as const;

/** Connections to one schema. */
export function openPool(location: string, { most }: PoolOptions): Pool {
  const { address, schema } = splitLocation(location);
  const pool = new Pool({
    connectionString: address,
    max: most,
    ...NOTICES_CUTS,
    options: toOptions([...SESSION, `search_path=${schema}`]),
    application_name: 'longshore',
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  // A connection that breaks while nobody uses it is replaced when it is needed; without a listener it would end us.
  pool.on('error', () => undefined);
  return pool;
}

/** PostgreSQL knows no `undefined`, and flags are numbers here. */
const bindable = (value: unknown): unknown => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === undefined ? null : value;
};

/** Kysely's dialect for PostgreSQL, with statements in the spelling that the repositories use. */
export function postgresDialect(pool: Pool): PostgresDialect {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  const translating: PostgresPool = {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      let known = clients.get(client);
      if (known === undefined) {
        known = translatingClient(client);
        clients.set(client, known);
      }
      return known;
    },
    end: () => pool.end(),
  };
  return new PostgresDialect({ pool: translating });
}

function translatingClient(client: PoolClient): PostgresPoolClient {
  // Without a listener, the end of the server during a transaction would end this process, too.
  client.on('error', () => undefined);
  const query = (text: string, values: readonly unknown[] = []): Promise<unknown> =>
    text.startsWith(COPY_ROWS)
      ? copyRows(client, toPostgres(text), values as readonly (readonly unknown[])[])
      : client.query(toPostgres(text), values.map(bindable));
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  };
}
