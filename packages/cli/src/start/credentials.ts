import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FailedError } from '../exit-codes.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../serve/pair.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}
export type SavedLogins = Readonly<Record<EnvironmentName, Login>>;

const OWNER_ONLY = 0o600;

/** The logins kept by an earlier start, or new ones, which are saved before anything is started with them. */
export function loadOrMakeLogins(path: string): SavedLogins {
  const known = readLogins(path);
  if (known) return known;
  const made = { dev: newLogin(), prod: newLogin() };
  saveLogins(path, made);
  return made;
}

/** Written beside its place and renamed, so that it is never half there; readable for its owner only. */
export function saveLogins(path: string, logins: SavedLogins): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  writeFileSync(partial, `${JSON.stringify(logins, null, 2)}\n`, { mode: OWNER_ONLY, flush: true });
  renameSync(partial, path);
}

function readLogins(path: string): SavedLogins | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const logins = parseLogins(text);
  if (logins) return logins;
  throw new FailedError(`${path} is damaged. Delete it and the folders beside it to start anew, or repair it.`);
}

function parseLogins(text: string): SavedLogins | undefined {
  try {
    const value = JSON.parse(text) as Partial<SavedLogins>;
    const isWhole = ENVIRONMENT_NAMES.every((name) => typeof value[name]?.password === 'string');
    return isWhole ? (value as SavedLogins) : undefined;
  } catch {
    return undefined;
  }
}

const newLogin = (): Login => ({ username: 'Administrator', password: randomBytes(18).toString('base64url') });
