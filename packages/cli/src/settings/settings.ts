import {
  S3_ADDRESSING,
  isS3Url,
  parseS3Endpoint,
  parseS3Location,
  type ConsoleEnvironment,
  type S3Addressing,
} from '@longshore/contracts';
import { UsageError } from '../exit-codes.ts';

/** One setting of a server: where it can be given, what it means, and how its text is read. */
export interface Setting<Value> {
  /** Flag with its placeholder, e.g. `--port <number>`. */
  readonly flag: string;
  readonly env: string;
  readonly help: string;
  readonly fallback: Value;
  /** @throws UsageError saying what is expected; the caller adds where the text came from. */
  readonly parse: (text: string) => Value;
  /** Whether a value is a path; a relative one in a file starts at that file, elsewhere at the working folder. */
  readonly isPath?: (value: string) => boolean;
}

const text = (value: string): string => {
  if (value === '') throw new UsageError('must not be empty');
  return value;
};

const integer =
  (smallest: number, largest: number) =>
  (value: string): number => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= smallest && number <= largest) return number;
    throw new UsageError(`must be a whole number from ${smallest} to ${largest}, not "${value}"`);
  };

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (value: string): Word => {
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    throw new UsageError(`must be one of ${words.join(', ')}, not "${value}"`);
  };

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

function size(value: string): number {
  const match = /^(\d+)\s*(B|KB|MB|GB|)$/i.exec(value.trim());
  const bytes = match ? Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? Number.NaN) : Number.NaN;
  if (bytes >= 1 && bytes <= 2 * 2 ** 30) return bytes;
  throw new UsageError(`must be a size up to 2GB such as 500MB, not "${value}"`);
}

function database(value: string): string {
  if (value === 'sqlite') return value;
  if (/^postgres(ql)?:\/\/./i.test(value) && URL.canParse(value)) return value;
  throw new UsageError(`must be sqlite, or an address such as postgres://user:password@host/database, not "${value}"`);
}

function storage(value: string): string {
  if (!isS3Url(value)) return text(value);
  const place = parseS3Location(value);
  if (typeof place === 'string') throw new UsageError(`${place}, not "${value}"`);
  return value;
}

function endpoint(value: string): string {
  const origin = parseS3Endpoint(value);
  if (origin !== undefined) return origin;
  throw new UsageError(`must be an address such as https://s3.example.com:9000, not "${value}"`);
}

function url(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return value;
  throw new UsageError(`must be an http(s) URL such as https://host/MicroStrategyLibrary, not "${value}"`);
}

/** An environment of the console: `name=URL`, with `#production` behind it where that is what it is. */
function environments(value: string): readonly ConsoleEnvironment[] {
  return listOf(value).map((entry) => {
    const [, name = '', address = '', mark] = /^([^=]+)=([^#]+)(#production)?$/.exec(entry) ?? [];
    if (name === '') {
      throw new UsageError(
        `must be a list such as dev=https://host/MicroStrategyLibrary,prod=https://other/MicroStrategyLibrary#production, not "${value}"`,
      );
    }
    return { name: name.trim(), url: url(address.trim()), production: mark !== undefined };
  });
}

/** Exact origins: a scheme, a host and perhaps a port. */
function origins(value: string): readonly string[] {
  return listOf(value).map((entry) => {
    if (new URL(url(entry)).origin === entry) return entry;
    throw new UsageError(`must be a list of origins such as https://dev.example.com, without a path, not "${entry}"`);
  });
}

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

export const YES_NO = ['yes', 'no'] as const;
export const SAMPLES = ['tutorial', 'tutorial-prod', 'none'] as const;
export const NAME_CLASH = ['rename', 'fail'] as const;
export const METRICS = ['loopback', 'open', 'off'] as const;
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const MAX_PACKAGE_BYTES = 2 * 2 ** 30;

const setting = <Value>(value: Setting<Value>): Setting<Value> => value;

/** The settings of `longshore serve`, by their key in a configuration file. */
export const SETTINGS = {
  name: setting({
    flag: '--name <label>',
    env: 'LONGSHORE_NAME',
    help: 'label of the environment',
    fallback: 'longshore',
    parse: text,
  }),
  host: setting({
    flag: '--host <address>',
    env: 'LONGSHORE_HOST',
    help: 'address to listen on',
    fallback: '127.0.0.1',
    parse: text,
  }),
  port: setting({
    flag: '--port <number>',
    env: 'LONGSHORE_PORT',
    help: 'port to listen on, 0 for any free one',
    fallback: 8080,
    parse: integer(0, 65_535),
  }),
  url: setting<string | null>({
    flag: '--url <url>',
    env: 'LONGSHORE_URL',
    help: 'Library URL by which clients know this server; absent: the address that it listens on',
    fallback: null,
    parse: url,
  }),
  data: setting<string | null>({
    flag: '--data <folder>',
    env: 'LONGSHORE_DATA',
    help: 'folder of the databases; absent: .longshore/<name> in the working folder',
    fallback: null,
    parse: text,
    isPath: () => true,
  }),
  storage: setting<string | null>({
    flag: '--storage <place>',
    env: 'LONGSHORE_STORAGE',
    help: 'shared file store, the same for all environments: a folder, or s3://bucket/prefix; absent: .longshore/storage',
    fallback: null,
    parse: storage,
    isPath: (value) => !isS3Url(value),
  }),
  s3Endpoint: setting<string | null>({
    flag: '--s3-endpoint <url>',
    env: 'LONGSHORE_S3_ENDPOINT',
    help: 'address of an S3-compatible server such as https://s3.example.com:9000; absent: AWS',
    fallback: null,
    parse: endpoint,
  }),
  s3Region: setting<string | null>({
    flag: '--s3-region <name>',
    env: 'LONGSHORE_S3_REGION',
    help: 'region of the bucket; absent: as the AWS settings of the machine say',
    fallback: null,
    parse: text,
  }),
  s3Addressing: setting<S3Addressing | null>({
    flag: '--s3-addressing <style>',
    env: 'LONGSHORE_S3_ADDRESSING',
    help: 'path (host/bucket) or virtual (bucket.host); absent: path with an endpoint, virtual without',
    fallback: null,
    parse: oneOf(S3_ADDRESSING),
  }),
  database: setting<string>({
    flag: '--database <url>',
    env: 'LONGSHORE_DATABASE',
    help: 'sqlite, or postgres://user:password@host/database?schema=<environment> for more than one machine',
    fallback: 'sqlite',
    parse: database,
  }),
  autoMigrate: setting<(typeof YES_NO)[number]>({
    flag: '--auto-migrate <yes|no>',
    env: 'LONGSHORE_AUTO_MIGRATE',
    help: 'with PostgreSQL: make tables and bring them up to date at the start, as longshore db migrate does',
    fallback: 'no',
    parse: oneOf(YES_NO),
  }),
  workers: setting({
    flag: '--workers <number>',
    env: 'LONGSHORE_WORKERS',
    help: 'with PostgreSQL: jobs that this process works on at a time; 0 leaves them to longshore worker',
    fallback: 2,
    parse: integer(0, 64),
  }),
  adminPassword: setting<string | null>({
    flag: '--admin-password <password>',
    env: 'LONGSHORE_ADMIN_PASSWORD',
    help: 'password of Administrator; absent: one is made up at the first start and printed once',
    fallback: null,
    parse: text,
  }),
  sample: setting<(typeof SAMPLES)[number]>({
    flag: '--sample <name>',
    env: 'LONGSHORE_SAMPLE',
    help: 'metadata to load into an empty environment: tutorial, tutorial-prod or none',
    fallback: 'none',
    parse: oneOf(SAMPLES),
  }),
  sessionTimeout: setting({
    flag: '--session-timeout <seconds>',
    env: 'LONGSHORE_SESSION_TIMEOUT',
    help: 'idle time after which a session ends',
    fallback: 1800,
    parse: integer(1, 31_536_000),
  }),
  maxPackageSize: setting({
    flag: '--max-package-size <size>',
    env: 'LONGSHORE_MAX_PACKAGE_SIZE',
    help: 'largest package in bytes or as 500MB; at most 2GB',
    fallback: MAX_PACKAGE_BYTES,
    parse: size,
  }),
  maxGroupMembers: setting({
    flag: '--max-group-members <number>',
    env: 'LONGSHORE_MAX_GROUP_MEMBERS',
    help: 'how many packages a migration group may have',
    fallback: 100,
    parse: integer(1, 10_000),
  }),
  nameClash: setting<(typeof NAME_CLASH)[number]>({
    flag: '--name-clash <policy>',
    env: 'LONGSHORE_NAME_CLASH',
    help: 'when another object has the name in the target folder: rename the incoming one, or fail the import',
    fallback: 'rename',
    parse: oneOf(NAME_CLASH),
  }),
  production: setting<(typeof YES_NO)[number]>({
    flag: '--production <yes|no>',
    env: 'LONGSHORE_PRODUCTION',
    help: 'whether the console marks this environment as production',
    fallback: 'no',
    parse: oneOf(YES_NO),
  }),
  consoleEnvironments: setting<readonly ConsoleEnvironment[]>({
    flag: '--console-environments <list>',
    env: 'LONGSHORE_CONSOLE_ENVIRONMENTS',
    help: 'environments to which the console may connect: name=URL,name=URL#production',
    fallback: [],
    parse: environments,
  }),
  allowedOrigins: setting<readonly string[]>({
    flag: '--allowed-origins <list>',
    env: 'LONGSHORE_ALLOWED_ORIGINS',
    help: 'origins whose pages may call this server, such as https://dev.example.com: where other consoles are served',
    fallback: [],
    parse: origins,
  }),
  metrics: setting<(typeof METRICS)[number]>({
    flag: '--metrics <who>',
    env: 'LONGSHORE_METRICS',
    help: 'who may read /metrics: loopback (programs on this machine), open, or off',
    fallback: 'loopback',
    parse: oneOf(METRICS),
  }),
  probePort: setting<number | null>({
    flag: '--probe-port <number>',
    env: 'LONGSHORE_PROBE_PORT',
    help: 'port at which longshore worker answers /healthz and /metrics, 0 for any free one; absent: it does not',
    fallback: null,
    parse: integer(0, 65_535),
  }),
  drainDelay: setting({
    flag: '--drain-delay <seconds>',
    env: 'LONGSHORE_DRAIN_DELAY',
    help: 'how long a server that is stopped says that it is not ready before it takes no more requests',
    fallback: 0,
    parse: integer(0, 3600),
  }),
  drainTimeout: setting({
    flag: '--drain-timeout <seconds>',
    env: 'LONGSHORE_DRAIN_TIMEOUT',
    help: 'how long running requests and jobs of a server that is stopped may take to end',
    fallback: 300,
    parse: integer(1, 86_400),
  }),
  logLevel: setting<(typeof LOG_LEVELS)[number]>({
    flag: '--log-level <level>',
    env: 'LONGSHORE_LOG_LEVEL',
    help: 'silent, error, warn, info or debug',
    fallback: 'info',
    parse: oneOf(LOG_LEVELS),
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Settings = { readonly [Key in SettingKey]: (typeof SETTINGS)[Key]['fallback'] };
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
