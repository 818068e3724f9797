import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { AppError, isS3Url } from '@longshore/contracts';
import { bootstrapConfiguration } from '../features/projects/bootstrap-configuration.ts';
import { bootstrapPrincipals, generateAdministratorPassword } from '../features/users/bootstrap.ts';
import { createLog } from '../platform/log/server-log.ts';
import { composeServer } from './compose.ts';
import type { ServerConfig } from './config.ts';
import { loadSample } from './load-sample.ts';
import { openEnvironment, type OpenEnvironment } from './open-environment.ts';
import { createUnavailableApp } from './unavailable-server.ts';

export interface RunningServer {
  /** The Library URL, e.g. `http://127.0.0.1:8080/MicroStrategyLibrary`. */
  readonly url: string;
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Set when this start has made up the Administrator's password; it is shown nowhere else. */
  readonly generatedPassword: string | null;
  /** Takes no new requests and jobs, lets running ones end, then closes the databases. */
  close(): Promise<void>;
}

/**
 * Starts one environment and resolves when it answers. A database that cannot be used does not stop the server: it
 * then says so to every call (spec/api.md 5.4), and has to be started again once the database is there.
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const log = createLog({ name: config.name, level: config.logLevel });
  await makeStorageFolder(config.storageLocation).catch((error: unknown) => {
    log.warn({ err: error }, 'the storage location could not be created');
  });
  const environment = await openEnvironment(config, log).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    log.error({ err: error }, 'the database cannot be used');
    return null;
  });
  return environment ? startEnvironment(config, environment) : startUnavailable(config, log);
}

/** The folder that is given at the start is made; a bucket never is. */
async function makeStorageFolder(location: string): Promise<void> {
  if (!isS3Url(location)) await mkdir(location, { recursive: true });
}

async function startEnvironment(config: ServerConfig, environment: OpenEnvironment): Promise<RunningServer> {
  try {
    return await startComposed(config, environment);
  } catch (error) {
    await environment.close();
    throw error;
  }
}

async function startComposed(config: ServerConfig, environment: OpenEnvironment): Promise<RunningServer> {
  await bootstrapPrincipals(environment, { adminPassword: config.adminPassword });
  await bootstrapConfiguration(environment);
  if (config.sample) await loadSample(environment, config.sample);
  let url = config.url ?? '';
  const server = await composeServer({ config, environment, libraryUrl: () => url });
  const address = await listen(server.app, config);
  url = config.url ?? libraryUrlOf(address);
  const generatedPassword = await generateAdministratorPassword(environment);
  return { url, address, generatedPassword, close: () => server.close() };
}

async function startUnavailable(config: ServerConfig, log: FastifyBaseLogger): Promise<RunningServer> {
  const app = createUnavailableApp(log);
  const address = await listen(app, config);
  return { url: config.url ?? libraryUrlOf(address), address, generatedPassword: null, close: () => app.close() };
}

async function listen(app: FastifyInstance, { host, port }: ServerConfig): Promise<string> {
  await app.listen({ host, port });
  const { address, port: actual, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}

const libraryUrlOf = (address: string): string => `${address}/MicroStrategyLibrary`;
