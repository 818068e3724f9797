import type { StorageConfigurationBody, StorageType } from '@longshore/contracts';
import type { SealedSecret } from '../../platform/secrets/secret-box.ts';

/** What is shown again. */
export const PLAIN_NAMES = [
  'alias',
  'location',
  's3Region',
  's3Endpoint',
  's3Addressing',
  'awsAccessId',
  'azureStorageAccountName',
] as const;
export type PlainName = (typeof PLAIN_NAMES)[number];

/** What is never shown again. */
export const SECRET_NAMES = ['awsSecretKey', 'azureSecretKey', 'gcsServiceAccountKey'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

export type PlainSettings = Readonly<Partial<Record<PlainName, string>>>;

/** The storage configuration as it is kept (spec/api.md 2.10). */
export interface StoredSettings {
  readonly type: StorageType;
  readonly plain: PlainSettings;
  readonly secrets: Readonly<Partial<Record<SecretName, SealedSecret>>>;
}

/** A configuration that is being considered: the secrets that came with the request are not sealed yet. */
export interface CandidateSettings {
  readonly type: StorageType;
  readonly plain: PlainSettings;
  readonly secrets: Readonly<Partial<Record<SecretName, SealedSecret | string>>>;
}

export const UNSET: StoredSettings = { type: 'unset', plain: {}, secrets: {} };

/**
 * The configuration that a request asks for. Clients send all that they hold, which are no secrets, or only what they
 * change: what is left out stays. Another type starts anew, so that no secret of one place is kept for the next.
 */
export function mergeSettings(
  current: StoredSettings,
  asked: StorageConfigurationBody['sharedFileStore'],
): CandidateSettings {
  const type = asked.type ?? current.type;
  const kept: StoredSettings = type === current.type ? current : { type, plain: aliasOf(current), secrets: {} };
  const plain = PLAIN_NAMES.map((name) => [name, asked[name] ?? kept.plain[name]] as const);
  const secrets = SECRET_NAMES.map((name) => [name, secretText(asked[name]) ?? kept.secrets[name]] as const);
  return { type, plain: withoutEmpty(plain), secrets: withoutEmpty(secrets) };
}

function aliasOf({ plain }: StoredSettings): PlainSettings {
  return plain.alias === undefined ? {} : { alias: plain.alias };
}

/** The key of a service account is a JSON document, which clients send as such or as text. */
function secretText(value: string | Record<string, unknown> | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An empty text takes away what was there. */
function withoutEmpty<Name extends string, Value>(
  entries: readonly (readonly [Name, Value | undefined])[],
): Partial<Record<Name, Value>> {
  const given = entries.filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given) as Partial<Record<Name, Value>>;
}
