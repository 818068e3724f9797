import { AppError, type StorageConfiguration, type StorageConfigurationBody } from '@longshore/contracts';
import type { CurrentFileStore } from '../../platform/files/current-file-store.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import type { SealedSecret, SecretBox } from '../../platform/secrets/secret-box.ts';
import type { DriverSettings, StorageDriver, StorageDrivers } from './storage-driver.ts';
import {
  SECRET_NAMES,
  mergeSettings,
  type CandidateSettings,
  type SecretName,
  type StoredSettings,
} from './storage-settings.ts';
import { storageSettingsRepository } from './storage-settings.repository.ts';

/** What the configuration of the storage is made from. */
export interface ConfigurationDeps {
  readonly platform: Pick<Platform, 'library' | 'log'>;
  readonly drivers: StorageDrivers;
  readonly secrets: SecretBox;
  readonly files: CurrentFileStore;
}

/** The storage configuration of this environment (spec/api.md 2.10). */
export interface StorageConfigurationService {
  /** What is in use. */
  current(): StoredSettings;
  get(): Promise<StorageConfiguration>;
  /** @throws AppError `invalid` saying why the configuration cannot be used; nothing is changed either way */
  validate(body: StorageConfigurationBody): Promise<void>;
  /**
   * Takes a configuration into use, from the next call on. What lies in the old place stays there.
   * @throws AppError `invalid` saying why it cannot be used; the one in use stays
   */
  update(body: StorageConfigurationBody, caller: Caller): Promise<void>;
}

export function createStorageConfiguration(
  deps: ConfigurationDeps,
  initial: StoredSettings,
): StorageConfigurationService {
  let settings = initial;
  let lastUpdate: Promise<void> = Promise.resolve();

  const applyUpdate = async (body: StorageConfigurationBody, caller: Caller): Promise<void> => {
    const candidate = mergeSettings(settings, body.sharedFileStore);
    const driver = await requireUsable(deps, candidate);
    const store = await driver.open(driverSettings(deps.secrets, candidate));
    const sealed = await sealSettings(deps.secrets, candidate);
    await deps.platform.library.write((tx) => storageSettingsRepository(tx).saveSettings(sealed));
    settings = sealed;
    deps.files.use(store);
    const { type, plain } = sealed;
    const { user } = caller;
    deps.platform.log.info({ type, location: plain.location, userId: user.id }, `Storage changed by ${user.name}`);
  };
  return {
    current: () => settings,
    get: () => showSettings(deps, settings),
    async validate(body) {
      await requireUsable(deps, mergeSettings(settings, body.sharedFileStore));
    },
    update(body, caller) {
      // One after another: each is merged into what the one before has left.
      const update = lastUpdate.then(() => applyUpdate(body, caller));
      lastUpdate = update.catch(() => undefined);
      return update;
    },
  };
}

/** The configuration as a driver reads it; a secret is opened when it is asked for. */
export function driverSettings(secrets: SecretBox, { plain, secrets: kept }: CandidateSettings): DriverSettings {
  return {
    plain,
    async secret(name) {
      const value = kept[name];
      return typeof value === 'object' ? secrets.open(name, value) : value;
    },
  };
}

async function showSettings(deps: ConfigurationDeps, settings: StoredSettings): Promise<StorageConfiguration> {
  const { type, plain } = settings;
  return { sharedFileStore: { type, ...plain, configured: (await findProblem(deps, settings)) === undefined } };
}

async function requireUsable(deps: ConfigurationDeps, candidate: CandidateSettings): Promise<StorageDriver> {
  const problem = await findProblem(deps, candidate);
  if (problem !== undefined) throw new AppError('invalid', problem);
  return deps.drivers[candidate.type] as StorageDriver;
}

async function findProblem(deps: ConfigurationDeps, candidate: CandidateSettings): Promise<string | undefined> {
  const { type } = candidate;
  const usable = Object.keys(deps.drivers).join(', ');
  if (type === 'unset' || type === 'unknown') {
    return `sharedFileStore.type is '${type}', which is no storage. Set it to one of: ${usable}.`;
  }
  const driver = deps.drivers[type];
  if (!driver) return `sharedFileStore.type '${type}': this server has no driver for it. Use one of: ${usable}.`;
  try {
    return await driver.findProblem(driverSettings(deps.secrets, candidate));
  } catch (error) {
    deps.platform.log.error({ err: error, type }, 'The storage configuration could not be tried');
    return `sharedFileStore of type '${type}' could not be tried: its secrets cannot be read any more. Send them again.`;
  }
}

async function sealSettings(secrets: SecretBox, candidate: CandidateSettings): Promise<StoredSettings> {
  const sealed: Partial<Record<SecretName, SealedSecret>> = {};
  for (const name of SECRET_NAMES) {
    const value = candidate.secrets[name];
    if (value !== undefined) sealed[name] = typeof value === 'object' ? value : await secrets.seal(name, value);
  }
  return { type: candidate.type, plain: candidate.plain, secrets: sealed };
}
