import { resolve } from 'node:path';
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
    throw error;
  }
}

export function environmentConfig(settings: Settings, cwd: string): EnvironmentConfig {
  const { name, host, port, url, adminPassword, sessionTimeout, nameClash, logLevel } = settings;
  return {
    name,
    host,
    port,
    url,
    dataDirectory: settings.data ?? resolve(cwd, '.longshore', name),
    storageDirectory: settings.storage ?? resolve(cwd, '.longshore', 'storage'),
    adminPassword,
    sample: settings.sample === 'none' ? null : settings.sample,
    sessionTimeout,
    maxPackageBytes: settings.maxPackageSize,
    maxGroupMembers: settings.maxGroupMembers,
    nameClash,
    logLevel,
  };
}

/** Closes all, also when one fails to; then throws what the first failure was. */
export async function closeAll(servers: Iterable<RunningServer>): Promise<void> {
  const ends = await Promise.allSettled([...servers].map((server) => server.close()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
