import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createClient, libraryUrl, type Credentials, type LibraryClient } from '@longshore/client';
import { Option, type Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';

/** Which server a group of options is about; the options of a single server have no prefix. */
export type ConnectionName = 'server' | 'source' | 'target';

/** A server and how to log in there. */
export interface Connection {
  readonly url: string;
  readonly credentials: Credentials;
  /** For people. */
  readonly user: string;
}

const DEFAULT_USER = 'Administrator';

interface OptionNames {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly passwordFile: string;
  readonly apiToken: string;
}

const FLAGS: Readonly<Record<ConnectionName, OptionNames>> = {
  server: {
    url: '--url',
    user: '--user',
    password: '--password',
    passwordFile: '--password-file',
    apiToken: '--api-token',
  },
  source: prefixed('source'),
  target: prefixed('target'),
};

function prefixed(side: 'source' | 'target'): OptionNames {
  return {
    url: `--${side}`,
    user: `--${side}-user`,
    password: `--${side}-password`,
    passwordFile: `--${side}-password-file`,
    apiToken: `--${side}-api-token`,
  };
}

/** `--source-password` is read from LONGSHORE_SOURCE_PASSWORD too. */
function variableOf(name: ConnectionName, key: keyof OptionNames): string {
  const side = name === 'server' ? '' : `${name.toUpperCase()}_`;
  return `LONGSHORE_${side}${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export function addConnectionOptions(command: Command, name: ConnectionName): void {
  const whose = name === 'server' ? '' : ` on the ${name}`;
  const add = (key: keyof OptionNames, value: string, help: string): void => {
    const option = new Option(`${FLAGS[name][key]} <${value}>`, `${help} (env ${variableOf(name, key)})`);
    command.addOption(option);
  };
  add('url', 'url', `Library URL of the ${name}, e.g. https://host/MicroStrategyLibrary`);
  add('user', 'name', `login name${whose}, ${DEFAULT_USER} when absent`);
  add('password', 'password', `password${whose}; other users of this machine can see it, better use one of the next`);
  add('passwordFile', 'file', `file that holds the password${whose}`);
  add('apiToken', 'token', `API token${whose}, instead of name and password`);
}

/** Values of the options as commander gives them, by attribute name. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** The connection, or undefined when no URL is given. */
export function findConnection(io: CliIo, values: OptionValues, name: ConnectionName): Connection | undefined {
  const read = (key: keyof OptionNames): string | undefined => flagValue(values, name, key) ?? envValue(io, name, key);
  const url = read('url');
  if (url === undefined) return undefined;
  const user = read('user') ?? DEFAULT_USER;
  const secret = readSecret(io, values, name);
  if (!secret) throw new UsageError(missingPassword(name, url));
  if (secret.kind === 'apiToken') return { url: checkedUrl(url, name), credentials: secret, user: 'API token' };
  return { url: checkedUrl(url, name), credentials: { ...secret, username: user }, user };
}

/** @throws UsageError when the URL or the password is missing. */
export function getConnection(io: CliIo, values: OptionValues, name: ConnectionName): Connection {
  const connection = findConnection(io, values, name);
  if (connection) return connection;
  throw new UsageError(`Where is the ${name}? Give ${FLAGS[name].url} URL or set ${variableOf(name, 'url')}.`);
}

/** True when the caller gave a password or token for this server. */
export function hasCredentials(io: CliIo, values: OptionValues, name: ConnectionName): boolean {
  return SECRETS.some((key) => (flagValue(values, name, key) ?? envValue(io, name, key)) !== undefined);
}

/** The URL as given for this server, in its one spelling. */
export function findUrl(io: CliIo, values: OptionValues, name: ConnectionName): string | undefined {
  const url = flagValue(values, name, 'url') ?? envValue(io, name, 'url');
  return url === undefined ? undefined : checkedUrl(url, name);
}

export function clientOf(io: CliIo, url: string): LibraryClient {
  return createClient({
    baseUrl: url,
    ...(io.fetch ? { fetch: io.fetch } : {}),
    ...(io.sleep ? { sleep: io.sleep } : {}),
  });
}

const SECRETS = ['apiToken', 'password', 'passwordFile'] as const;
type Secret =
  | { readonly kind: 'apiToken'; readonly apiToken: string }
  | { readonly kind: 'password'; readonly password: string };

/** Flags come before the environment; two flags contradict each other. */
function readSecret(io: CliIo, values: OptionValues, name: ConnectionName): Secret | undefined {
  const given = SECRETS.filter((key) => flagValue(values, name, key) !== undefined);
  if (given.length > 1) {
    throw new UsageError(`Give only one of ${given.map((key) => FLAGS[name][key]).join(', ')}.`);
  }
  const fromFlags = given[0];
  const key = fromFlags ?? SECRETS.find((candidate) => envValue(io, name, candidate) !== undefined);
  if (key === undefined) return undefined;
  const value = (fromFlags ? flagValue(values, name, key) : envValue(io, name, key)) ?? '';
  if (key === 'apiToken') return { kind: 'apiToken', apiToken: value };
  return { kind: 'password', password: key === 'password' ? value : readPasswordFile(io, value) };
}

function readPasswordFile(io: CliIo, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`The password file ${file} cannot be read.`, error);
  }
}

function flagValue(values: OptionValues, name: ConnectionName, key: keyof OptionNames): string | undefined {
  const attribute = FLAGS[name][key].slice(2).replace(/-[a-z]/g, (dash) => dash.charAt(1).toUpperCase());
  const value = values[attribute];
  return typeof value === 'string' ? value : undefined;
}

function envValue(io: CliIo, name: ConnectionName, key: keyof OptionNames): string | undefined {
  const value = io.env[variableOf(name, key)];
  return value === '' ? undefined : value;
}

function checkedUrl(text: string, name: ConnectionName): string {
  try {
    return libraryUrl(text);
  } catch (error) {
    throw new UsageError(`${FLAGS[name].url}: ${error instanceof Error ? error.message : text}`, error);
  }
}

function missingPassword(name: ConnectionName, url: string): string {
  const { password, passwordFile, apiToken } = FLAGS[name];
  return `No password for ${url}. Set ${variableOf(name, 'password')}, or give ${passwordFile}, ${password} or ${apiToken}.`;
}
