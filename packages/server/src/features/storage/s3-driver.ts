import { S3_ADDRESSING, parseS3Endpoint, parseS3Location, type S3Addressing } from '@longshore/contracts';
import type { S3Credentials, S3Place } from '../../platform/files/s3/s3-place.ts';
import { openFileStore } from '../../platform/files/store-place.ts';
import { describeS3Problem } from './s3-problem.ts';
import type { DriverSettings, StorageDriver } from './storage-driver.ts';

/** What a configuration of S3 leaves open, from the flags of the server. */
export interface S3Defaults {
  /** null leaves it to the usual AWS settings of the machine. */
  readonly region: string | null;
  /** null for AWS. */
  readonly endpoint: string | null;
  /** null: `path` with an endpoint, `virtual` without. */
  readonly addressing: S3Addressing | null;
}

const AWS: S3Defaults = { region: null, endpoint: null, addressing: null };

/** The shared file store in a bucket of AWS S3, or of a server that speaks like it. */
export function createS3Driver(instanceId: string, defaults: S3Defaults = AWS): StorageDriver {
  const placeOf = async (settings: DriverSettings): Promise<S3Place> => {
    const place = await readPlace(settings, defaults);
    if (typeof place === 'string') throw new Error(place);
    return place;
  };
  return {
    async findProblem(settings) {
      const place = await readPlace(settings, defaults);
      if (typeof place === 'string') return place;
      const { tryS3Place } = await import('../../platform/files/s3/try-s3-place.ts');
      const problem = await tryS3Place(place, instanceId);
      return problem && describeS3Problem(place, problem);
    },
    place: placeOf,
    open: async (settings) => openFileStore(await placeOf(settings), { instanceId, patience: 'request' }),
  };
}

/** @returns what is wrong with the settings, when they cannot be those of a place */
async function readPlace(settings: DriverSettings, defaults: S3Defaults): Promise<S3Place | string> {
  const { location, s3Region, s3Endpoint, s3Addressing } = settings.plain;
  if (location === undefined) return 'sharedFileStore.location is required: the bucket, or bucket/prefix.';
  const where = parseS3Location(location);
  if (typeof where === 'string') return `sharedFileStore.location ${JSON.stringify(location)} ${where}.`;
  const endpoint = s3Endpoint === undefined ? defaults.endpoint : parseS3Endpoint(s3Endpoint);
  if (endpoint === undefined) {
    return `sharedFileStore.s3Endpoint ${JSON.stringify(s3Endpoint)} must be an address such as https://s3.example.com:9000.`;
  }
  const credentials = await readCredentials(settings);
  if (typeof credentials === 'string') return credentials;
  const addressing = S3_ADDRESSING.find((word) => word === s3Addressing) ?? defaults.addressing;
  return {
    kind: 's3',
    ...where,
    region: s3Region ?? defaults.region,
    endpoint,
    addressing: addressing ?? (endpoint === null ? 'virtual' : 'path'),
    credentials,
  };
}

async function readCredentials(settings: DriverSettings): Promise<S3Credentials | string | null> {
  const accessKeyId = settings.plain.awsAccessId;
  const secretAccessKey = await settings.secret('awsSecretKey');
  if (accessKeyId === undefined && secretAccessKey === undefined) return null;
  if (accessKeyId === undefined) return 'sharedFileStore.awsAccessId is required with sharedFileStore.awsSecretKey.';
  if (secretAccessKey === undefined) {
    return 'sharedFileStore.awsSecretKey is required with sharedFileStore.awsAccessId. Leave both out to use the AWS credentials of the machine.';
  }
  return { accessKeyId, secretAccessKey };
}
