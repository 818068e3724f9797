import { AppError, type StorageConfiguration, type StorageConfigurationBody } from '@longshore/contracts';
import type { FileStore } from '../../platform/files/file-store.ts';
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
  /** The store of settings; one that cannot be opened is a store that says so. */
  open(settings: StoredSettings): Promise<FileStore>;
}

/** What a server starts with. */
export interface StartSettings {
  readonly inUse: StoredSettings;
  /** What was configured over the API; null when nothing was. */
  readonly stored: StoredSettings | null;
}

/** The storage configuration of this environment (spec/api.md 2.10). */
export interface StorageConfigurationService {
  /**
   * What is in use, after another server of this environment may have changed it. A database that cannot be asked
   * changes nothing.
   */
  current(): Promise<StoredSettings>;
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
  initial: StartSettings,
): StorageConfigurationService {
  let settings = initial.inUse;
  let known = JSON.stringify(initial.stored);
  let lastUpdate: Promise<void> = Promise.resolve();

  const current = async (): Promise<StoredSettings> => {
    const stored = await findStored(deps);
    const text = JSON.stringify(stored);
    if (stored === null || text === known) return settings;
    known = text;
    settings = stored;
    deps.files.use(await deps.open(stored));
    const { type, plain } = stored;
    deps.platform.log.info({ type, location: plain.location }, 'Storage changed by another server of this environment');
    return settings;
  };
  const applyUpdate = async (body: StorageConfigurationBody, caller: Caller): Promise<void> => {
    const candidate = mergeSettings(await current(), body.sharedFileStore);
    const driver = await requireUsable(deps, candidate);
    const store = await driver.open(driverSettings(deps.secrets, candidate));
    const sealed = await sealSettings(deps.secrets, candidate);
    await deps.platform.library.write((tx) => storageSettingsRepository(tx).saveSettings(sealed));
    known = JSON.stringify(sealed);
    settings = sealed;
    deps.files.use(store);
    const { type, plain } = sealed;
    const { user } = caller;
    deps.platform.log.info({ type, location: plain.location, userId: user.id }, `Storage changed by ${user.name}`);
  };
  return {
    current,
    get: async () => showSettings(deps, await current()),
    async validate(body) {
      await requireUsable(deps, mergeSettings(await current(), body.sharedFileStore));
    },
    update(body, caller) {
      // One after another: each is merged into what the one before has left.
      const update = lastUpdate.then(() => applyUpdate(body, caller));
      lastUpdate = update.catch(() => undefined);
      return update;
    },
  };
}

async function findStored({ platform }: ConfigurationDeps): Promise<StoredSettings | null> {
  try {
    return (await storageSettingsRepository(platform.library.reader).findSettings()) ?? null;
  } catch (error) {
    platform.log.warn({ err: error }, 'The storage configuration could not be read; the one in use stays');
    return null;
  }
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
