import { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { METADATA_MIGRATIONS } from '../../packages/server/src/platform/db/metadata-tables.ts';
import { startPostgres } from '../builders/postgres-server.ts';

/** What the migrator of every environment in a database takes while it makes tables. */
const TABLES_ARE_MADE = 'SELECT pg_advisory_lock(3853314791062309107)';

it('complete tables are opened while those of another environment in the database are made', async () => {
  const postgres = await startPostgres();
  const other = new Client({ connectionString: postgres.address });
  const open = (schema: string) =>
    openDatabase<MetadataTables>({
      location: `${postgres.address}?schema=${schema}_metadata`,
      migrations: METADATA_MIGRATIONS,
      lockPatience: 1000,
    });
  try {
    await (await open('complete')).close();
    await other.connect();
    await other.query(TABLES_ARE_MADE);
    await (await open('complete')).close();

    const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory'`;
    const opening = open('new');
    await expect.poll(async () => (await other.query(isWaiting)).rows.length).toBe(1);
    await other.query('SELECT pg_advisory_unlock_all()');
    await (await opening).close();
  } finally {
    await other.end();
    await postgres.close();
  }
});
