import { prepareSchemas, TEST_ENGINE_VARIABLE } from './databases.ts';
import { startPostgres } from './postgres-server.ts';

/** For a whole run: the server of the variable, or one from npm. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[TEST_ENGINE_VARIABLE];
  if (given) {
    await prepareSchemas(given);
    return undefined;
  }
  const server = await startPostgres();
  process.env[TEST_ENGINE_VARIABLE] = server.address;
  await prepareSchemas(server.address);
  return () => server.close();
}
