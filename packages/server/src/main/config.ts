import type { S3Defaults } from '../features/storage/index.ts';
import type { MetricsAccess } from '../features/metrics/metrics.routes.ts';
import type { DrainOptions } from './shutdown.ts';
import type { ConsoleOptions } from '../features/console/console-settings.service.ts';

/** How one environment is run (design/architecture.md 5); filled by the CLI from flags, environment and file. */
export interface ServerConfig {
  /** Label of the environment, e.g. `dev`. */
  readonly name: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The Library URL by which clients know this environment; null means the address that it listens on. */
  readonly url: string | null;
  /** Folder of the two databases, of what belongs to this process alone, and of keys. */
  readonly dataDirectory: string;
  /** Address of a PostgreSQL database that takes the place of the two files; null or absent for the files. */
  readonly database?: string | null;
  /** With `database`: whether tables are made and brought up to date at the start; absent: yes. */
  readonly autoMigrate?: boolean;
  /** With `database`: how many jobs this process works on at a time, besides answering; 2 when it is left out. */
  readonly workers?: number;
  /**
   * When what is needed again and again is made ready. `fromStart`: the checks of requests are compiled once the server answers,
   * which spares the first request of a kind up to 50 ms, and, without `database`, the first thread for jobs is started, which
   * spares the first job a third of a second and keeps 40 MB. Absent: `whenNeeded`.
   */
  readonly warmUp?: 'fromStart' | 'whenNeeded';
  /** The shared file store, until another place is configured over the API: a folder, or `s3://bucket/prefix`. */
  readonly storageLocation: string;
  /** What configurations of S3 leave open; AWS with the settings of the machine when it is left out. */
  readonly s3?: S3Defaults;
  /** Password of the built-in Administrator; null generates one at first start. */
  readonly adminPassword: string | null;
  /** Tutorial state that is loaded into an empty environment, null for none. */
  readonly sample: 'tutorial' | 'tutorial-prod' | null;
  /** Idle limit of a session in seconds. */
  readonly sessionTimeout: number;
  /** Largest package in bytes; 2 GB unless a test lowers it. */
  readonly maxPackageBytes: number;
  /** How many uploaded packages are kept at most; 1000 when it is left out. */
  readonly maxUploadedPackages?: number;
  /** How many packages a migration group may have; 100 when it is left out. */
  readonly maxGroupMembers?: number;
  /** What happens when another object already has the name in the target folder. */
  readonly nameClash: 'rename' | 'fail';
  /** The web console, and whose pages may call the API; nobody else's when it is left out. */
  readonly console?: ConsoleOptions;
  /** Who may read `/metrics`; programs on this machine when it is left out. */
  readonly metrics?: MetricsAccess;
  /** Where a worker answers `/healthz` and `/metrics`; nowhere when it is null or left out. */
  readonly probePort?: number | null;
  /** How the server stops; at once, with five minutes for what runs, when it is left out. */
  readonly drain?: DrainOptions;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

export type { S3Defaults };

export const DEFAULT_MAX_UPLOADED_PACKAGES = 1000;

export { PLATFORM_VERSION } from '../platform/platform-version.ts';
