import { dirname, resolve } from 'node:path';
import { UsageError } from '../exit-codes.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { SETTING_KEYS, SETTINGS, type Setting, type SettingKey, type Settings } from './settings.ts';

export interface SettingSources {
  /** Values of flags by key. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** A text and where it was given; `base` is where a relative path starts. */
interface Given {
  readonly text: string;
  readonly where: string;
  readonly base: string;
}

export const CONFIG_VARIABLE = 'LONGSHORE_CONFIG';

/**
 * The settings of a server: a flag comes before the environment, the environment before the file, the file before the
 * default. An empty variable counts as absent.
 * @throws UsageError that names the place where the wrong value was given.
 */
export function resolveSettings(sources: SettingSources): Settings {
  const configPath = textOf(sources.flags['config']) ?? textOf(sources.env[CONFIG_VARIABLE]);
  const path = configPath === undefined ? null : resolve(sources.cwd, configPath);
  const file: ConfigFile = path === null ? {} : readConfigFile(path);
  const read = (key: SettingKey): unknown => {
    const setting: Setting<unknown> = SETTINGS[key];
    const given = findGiven(key, setting, sources) ?? findInFile(key, file, path);
    return given ? parseGiven(setting, given) : setting.fallback;
  };
  return Object.fromEntries(SETTING_KEYS.map((key) => [key, read(key)])) as unknown as Settings;
}

function findGiven(key: SettingKey, setting: Setting<unknown>, { flags, env, cwd }: SettingSources): Given | undefined {
  const flag = flags[key];
  if (typeof flag === 'string') return { text: flag, where: setting.flag.split(' ')[0] ?? key, base: cwd };
  const variable = textOf(env[setting.env]);
  return variable === undefined ? undefined : { text: variable, where: setting.env, base: cwd };
}

function findInFile(key: SettingKey, file: ConfigFile, path: string | null): Given | undefined {
  const value = file[key];
  if (value === undefined || path === null) return undefined;
  return { text: String(value), where: `${path}: ${key}`, base: dirname(path) };
}

function parseGiven(setting: Setting<unknown>, { text, where, base }: Given): unknown {
  try {
    const value = setting.parse(text);
    return setting.isPath?.(String(value)) ? resolve(base, String(value)) : value;
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${where}: ${error.message}.`, error);
    throw error;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
