import { readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { S3_ADDRESSING } from '@longshore/contracts';
import { UsageError } from '../exit-codes.ts';
import { LOG_LEVELS, METRICS, NAME_CLASH, SAMPLES, YES_NO } from './settings.ts';

/** A configuration file: JSON, the same settings as the flags of `longshore serve`. */
export const ConfigFile = Type.Object(
  {
    name: Type.Optional(Type.String()),
    host: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    url: Type.Optional(Type.String()),
    data: Type.Optional(Type.String()),
    storage: Type.Optional(Type.String()),
    s3Endpoint: Type.Optional(Type.String()),
    s3Region: Type.Optional(Type.String()),
    s3Addressing: Type.Optional(Type.Enum([...S3_ADDRESSING])),
    database: Type.Optional(Type.String()),
    autoMigrate: Type.Optional(Type.String()),
    workers: Type.Optional(Type.Integer()),
    adminPassword: Type.Optional(Type.String()),
    sample: Type.Optional(Type.Enum([...SAMPLES])),
    sessionTimeout: Type.Optional(Type.Integer({ minimum: 1 })),
    maxPackageSize: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.String()])),
    maxGroupMembers: Type.Optional(Type.Integer({ minimum: 1 })),
    nameClash: Type.Optional(Type.Enum([...NAME_CLASH])),
    production: Type.Optional(Type.Enum([...YES_NO])),
    consoleEnvironments: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    allowedOrigins: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    metrics: Type.Optional(Type.Enum([...METRICS])),
    probePort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    drainDelay: Type.Optional(Type.Integer({ minimum: 0 })),
    drainTimeout: Type.Optional(Type.Integer({ minimum: 1 })),
    logLevel: Type.Optional(Type.Enum([...LOG_LEVELS])),
  },
  { additionalProperties: false },
);
export type ConfigFile = Static<typeof ConfigFile>;

/** @throws UsageError that names the file, and the field that is wrong. */
export function readConfigFile(path: string): ConfigFile {
  const value = parse(path);
  if (Value.Check(ConfigFile, value)) return value;
  throw new UsageError(`${path}: ${firstError(value)}.`);
}

function parse(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The configuration file ${path} cannot be read.`, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${error instanceof Error ? error.message : ''}`, error);
  }
}

function firstError(value: unknown): string {
  const unknown = unknownKeys(value);
  if (unknown.length > 0) {
    return `unknown setting ${unknown.join(', ')}; known are ${Object.keys(ConfigFile.properties).join(', ')}`;
  }
  const [first] = Value.Errors(ConfigFile, value);
  const where = first?.instancePath.replace(/^\//, '') ?? '';
  return `${where === '' ? 'the whole' : where} ${first?.message ?? 'is not valid'}`;
}

function unknownKeys(value: unknown): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.keys(value).filter((key) => !(key in ConfigFile.properties));
}
