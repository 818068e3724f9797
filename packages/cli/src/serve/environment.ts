import { resolve } from 'node:path';
import { FailedError } from '../exit-codes.ts';
import type { EnvironmentConfig, RunningServer, Services } from '../services.ts';
import type { Settings } from '../settings/settings.ts';
import { lockDataDirectory } from './lock-data-directory.ts';

/** Starts a server that has its data folder to itself until it is closed. */
export async function startEnvironment(services: Services, config: EnvironmentConfig): Promise<RunningServer> {
  const unlock = lockDataDirectory(config.dataDirectory);
  try {
    const server = await services.startServer(config);
    const { url, address, generatedPassword } = server;
    return { url, address, generatedPassword, close: () => server.close().finally(unlock) };
  } catch (error) {
    unlock();
    throw asStartError(config, error);
  }
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there. Stop it, or choose another with --port',
  EACCES: 'this user may not listen there. Choose a port above 1023 with --port',
  EADDRNOTAVAIL: 'this machine has no such address. Choose another with --host',
  ENOTFOUND: 'this machine has no such address. Choose another with --host',
};

/** Says in plain words why the server cannot start; other errors stay as they are. */
function asStartError({ host, port }: EnvironmentConfig, error: unknown): unknown {
  if (error instanceof Error && error.name === 'TableVersionError') return new FailedError(error.message, error);
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  const problem = LISTEN_PROBLEMS[String(error.code)];
  const isListening = error.syscall === 'listen' || error.syscall === 'getaddrinfo';
  if (problem === undefined || !isListening) return error;
  return new FailedError(`The server cannot listen on ${host}, port ${port}: ${problem}.`, error);
}

export function environmentConfig(settings: Settings, cwd: string): EnvironmentConfig {
  const { s3Endpoint, s3Region, s3Addressing } = settings;
  const { name, host, port, url, adminPassword, sessionTimeout, nameClash, logLevel } = settings;
  return {
    name,
    host,
    port,
    url,
    dataDirectory: settings.data ?? resolve(cwd, '.longshore', name),
    ...databaseConfig(settings),
    storageLocation: settings.storage ?? resolve(cwd, '.longshore', 'storage'),
    s3: { endpoint: s3Endpoint, region: s3Region, addressing: s3Addressing },
    adminPassword,
    sample: settings.sample === 'none' ? null : settings.sample,
    sessionTimeout,
    maxPackageBytes: settings.maxPackageSize,
    maxGroupMembers: settings.maxGroupMembers,
    nameClash,
    console: {
      production: settings.production === 'yes',
      environments: settings.consoleEnvironments,
      allowedOrigins: settings.allowedOrigins,
    },
    metrics: settings.metrics,
    probePort: settings.probePort,
    drain: { drainDelay: settings.drainDelay, drainTimeout: settings.drainTimeout },
    logLevel,
  };
}

function databaseConfig({ database, autoMigrate, workers }: Settings): Partial<EnvironmentConfig> {
  if (database === 'sqlite') return { warmUp: 'fromStart' };
  return { database, autoMigrate: autoMigrate === 'yes', workers, warmUp: 'fromStart' };
}

/** Closes all, also when one fails to; then throws what the first failure was. */
export async function closeAll(servers: Iterable<RunningServer>): Promise<void> {
  const ends = await Promise.allSettled([...servers].map((server) => server.close()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
