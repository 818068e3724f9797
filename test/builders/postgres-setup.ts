import { prepareSchemas, TEST_ENGINE_VARIABLE } from './databases.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

/** For a whole run of vitest: the server of the variable, or one from npm. */
let started: PostgresServer | undefined;

export async function setup(): Promise<void> {
  const given = process.env[TEST_ENGINE_VARIABLE];
  if (!given) started = await startPostgres();
  const address = given ?? started?.address ?? '';
  process.env[TEST_ENGINE_VARIABLE] = address;
  await prepareSchemas(address);
}

export async function teardown(): Promise<void> {
  await started?.close();
}
