import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { AppError, MESSAGES, isS3Url } from '@longshore/contracts';
import { CurrentFileStore, UnconfiguredStore, type StoreOperation } from '../../platform/files/current-file-store.ts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { Routes } from '../../platform/http/app.ts';
import type { Platform } from '../../platform/platform.ts';
import { createSecretBox, type SecretBox } from '../../platform/secrets/secret-box.ts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import { createFileSystemDriver } from './file-system-driver.ts';
import { createS3Driver, type S3Defaults } from './s3-driver.ts';
import { HeldFiles, type SharedFileOptions } from './shared-file-deps.ts';
import { sharedFileRoutes } from './shared-files.routes.ts';
import { createStorageConfiguration, driverSettings, type StartSettings } from './storage-configuration.service.ts';
import type { StorageDrivers } from './storage-driver.ts';
import { UNSET, type StoredSettings } from './storage-settings.ts';
import { storageSettingsRepository } from './storage-settings.repository.ts';
import { storageRoutes } from './storage.routes.ts';

export interface StorageOptions extends Omit<SharedFileOptions, 'uploadIdleMs'> {
  /** As in `SharedFileOptions`; two minutes when it is left out. */
  readonly uploadIdleMs?: number;
  /** Folder of this environment's own files; the key of the stored secrets is kept there. */
  readonly dataDirectory: string;
  /** Names this environment's unfinished files in the store that it shares with others. */
  readonly instanceId: string;
  /** Where the store is until another place is configured: a folder or `s3://bucket/prefix`; null for none. */
  readonly initialLocation: string | null;
  /** What S3 configurations leave open. */
  readonly s3?: S3Defaults;
  /** Told of each call that the storage has failed. */
  readonly onFailure?: (operation: StoreOperation) => void;
  /** Further kinds of places, or other ones; by default there are folders and S3. */
  readonly drivers?: StorageDrivers;
}

/** The shared file store of an environment, and what is served about it. */
export interface OpenStorage {
  /** The store in use, whichever that is when it is called. */
  readonly files: FileStore;
  /**
   * The place in use when it is asked for, for jobs in threads of their own; ask anew for every job. It may hold keys.
   * @throws AppError `storageMisconfigured` when there is none, or its secrets cannot be read
   */
  place(): Promise<StorePlace>;
  readonly routes: readonly Routes[];
}

const KEY_FILE = 'storage-secrets.key';
const UPLOAD_IDLE_MS = 120_000;

/** Takes the configured storage into use. One that cannot be used does not keep the server from starting. */
export async function openStorage(platform: Platform, options: StorageOptions): Promise<OpenStorage> {
  const secrets = createSecretBox({ keyFile: join(options.dataDirectory, KEY_FILE), random: randomBytes });
  const drivers = {
    file_system: createFileSystemDriver(options.instanceId),
    S3: createS3Driver(options.instanceId, options.s3),
    ...options.drivers,
  };
  const start = await startSettings(platform, options.initialLocation);
  const open = (settings: StoredSettings): Promise<FileStore> => openStore(platform, { drivers, secrets, settings });
  const files = new CurrentFileStore(await open(start.inUse), {
    beforeCall: rarely(platform, () => configuration.current()),
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
  const configuration = createStorageConfiguration({ platform, drivers, secrets, files, open }, start);
  const { maxPackageBytes, maxUploadedPackages, platformVersion, uploadIdleMs = UPLOAD_IDLE_MS } = options;
  const sharedFiles = {
    platform,
    files,
    held: new HeldFiles(),
    options: { maxPackageBytes, maxUploadedPackages, platformVersion, uploadIdleMs },
  };
  return {
    files,
    place: async () => findPlace(drivers, secrets, await configuration.current()),
    routes: [storageRoutes(configuration), sharedFileRoutes(sharedFiles)],
  };
}

async function findPlace(drivers: StorageDrivers, secrets: SecretBox, settings: StoredSettings): Promise<StorePlace> {
  try {
    const place = await drivers[settings.type]?.place(driverSettings(secrets, settings));
    if (place) return place;
  } catch (error) {
    throw new AppError('storageMisconfigured', MESSAGES.storageMisconfigured, { cause: error });
  }
  throw new AppError('storageMisconfigured', MESSAGES.storageMisconfigured);
}

/** What was configured over the API outlives a restart, also when the server is started with another folder. */
async function startSettings(platform: Platform, initialLocation: string | null): Promise<StartSettings> {
  const given = initialLocation === null ? UNSET : settingsOf(initialLocation);
  const stored = await storageSettingsRepository(platform.library.reader).findSettings();
  if (!stored) return { inUse: given, stored: null };
  if (given.type !== 'unset' && (stored.type !== given.type || stored.plain.location !== given.plain.location)) {
    platform.log.warn(
      { type: stored.type, configured: stored.plain.location, given: given.plain.location },
      'The storage configured over the API is used, and not the one that the server was started with',
    );
  }
  return { inUse: stored, stored };
}

/** Asks no more than once in so long whether another server has changed the configuration. */
const FOLLOW_EVERY_MS = 1000;

function rarely({ clock }: Pick<Platform, 'clock'>, call: () => Promise<unknown>): () => Promise<void> {
  let calledAt = clock.now();
  return async () => {
    const now = clock.now();
    if (now - calledAt < FOLLOW_EVERY_MS) return;
    calledAt = now;
    await call();
  };
}

function settingsOf(location: string): StoredSettings {
  if (isS3Url(location)) return { type: 'S3', plain: { location: location.slice('s3://'.length) }, secrets: {} };
  return { type: 'file_system', plain: { location: resolve(location) }, secrets: {} };
}

interface StoreParts {
  readonly drivers: StorageDrivers;
  readonly secrets: SecretBox;
  readonly settings: StoredSettings;
}

async function openStore(platform: Platform, { drivers, secrets, settings }: StoreParts): Promise<FileStore> {
  const driver = drivers[settings.type];
  if (!driver) return new UnconfiguredStore(`there is no driver for storage of type '${settings.type}'`);
  try {
    return await driver.open(driverSettings(secrets, settings));
  } catch (error) {
    platform.log.error({ err: error }, 'The configured storage cannot be opened; migrations are refused');
    return new UnconfiguredStore('the configured storage could not be opened');
  }
}
