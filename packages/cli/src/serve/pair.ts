import { join } from 'node:path';
import type { EnvironmentConfig } from '../services.ts';

/** The two environments of the demonstration and of `longshore start`. */
export const ENVIRONMENT_NAMES = ['dev', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export interface PairMember {
  readonly name: EnvironmentName;
  /** Holds both data folders and the shared storage. */
  readonly folder: string;
  readonly port: number;
  /** Port of the other one, when their consoles are to reach each other. */
  readonly otherPort?: number;
  readonly adminPassword: string | null;
  readonly logLevel: EnvironmentConfig['logLevel'];
}

const TWO_GIGABYTES = 2 * 2 ** 30;
const SESSION_SECONDS = 1800;

/** One of two environments that share a storage folder: dev has the Tutorial project, prod an older state of it. */
export function pairConfig({ name, folder, port, otherPort, adminPassword, logLevel }: PairMember): EnvironmentConfig {
  return {
    name,
    host: '127.0.0.1',
    port,
    url: null,
    dataDirectory: join(folder, name),
    storageLocation: join(folder, 'storage'),
    adminPassword,
    sample: name === 'dev' ? 'tutorial' : 'tutorial-prod',
    sessionTimeout: SESSION_SECONDS,
    maxPackageBytes: TWO_GIGABYTES,
    nameClash: 'rename',
    ...(otherPort === undefined ? {} : { console: consoleOf(name, otherPort) }),
    logLevel,
  };
}

/** The console of one knows the other, and may call it from where it is served. */
function consoleOf(name: EnvironmentName, otherPort: number): NonNullable<EnvironmentConfig['console']> {
  const other = name === 'dev' ? 'prod' : 'dev';
  const origin = `http://127.0.0.1:${otherPort}`;
  const url = `${origin}/MicroStrategyLibrary`;
  return {
    production: name === 'prod',
    environments: [{ name: other, url, production: other === 'prod' }],
    allowedOrigins: [origin],
  };
}
