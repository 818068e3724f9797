import { showS3Place } from '@longshore/contracts';
import type { S3Failure } from '../../platform/files/s3/s3-errors.ts';
import type { S3Place } from '../../platform/files/s3/s3-place.ts';
import type { S3Problem, S3Step } from '../../platform/files/s3/try-s3-place.ts';

interface Told {
  readonly place: S3Place;
  readonly problem: S3Problem;
  /** The server, for people. */
  readonly server: string;
}

const NEEDS =
  'Allow s3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:DeleteObject';

const DOES: Readonly<Record<S3Step, string>> = {
  reach: 'look at the bucket',
  write: 'write objects',
  writeOnce: 'write an object on the condition that there is none (If-None-Match)',
  read: 'read objects',
  list: 'list objects and unfinished uploads',
  upload: 'upload in parts',
  copy: 'copy objects in the bucket',
  delete: 'delete objects',
};

const BY_FAILURE: Readonly<Record<S3Failure, (told: Told) => string>> = {
  missingBucket: ({ place, server }) =>
    `sharedFileStore.location: there is no bucket '${place.bucket}' at ${server}. Create it, or correct its name.`,
  wrongKeys: ({ place, server, problem }) =>
    `${keysOf(place)} are not accepted by ${server} (${problem.word}). Correct them.`,
  noKeys: () =>
    'sharedFileStore.awsAccessId and awsSecretKey are not given, and the server finds no AWS credentials on its machine. Give either.',
  wrongRegion: ({ place, problem }) =>
    `sharedFileStore.s3Region is not the region of bucket '${place.bucket}'${problem.region === undefined ? '' : `, which is in ${problem.region}`}. Correct it.`,
  noRegion: () => 'sharedFileStore.s3Region is required, as no region is set on the machine of the server.',
  unreachable: ({ server, problem }) =>
    `sharedFileStore: ${server} cannot be reached by this server (${problem.word}). Check s3Endpoint and the network.`,
  unsupported: ({ server, problem }) =>
    `sharedFileStore: ${server} cannot ${DOES[problem.step]}, which the store needs. Use another server, or a newer version of it.`,
  forbidden: refused,
  missingObject: refused,
  conditionFailed: refused,
  other: refused,
};

/** One sentence or two that name the field and say what to do. */
export function describeS3Problem(place: S3Place, problem: S3Problem): string {
  const server = place.endpoint ?? (place.region === null ? 'AWS S3' : `AWS S3 in ${place.region}`);
  return BY_FAILURE[problem.failure]({ place, problem, server });
}

function refused({ place, problem }: Told): string {
  return (
    `sharedFileStore.location: this server may not ${DOES[problem.step]} in ${showS3Place(place)} (${problem.word}). ` +
    `${NEEDS} for ${keysOf(place)}.`
  );
}

function keysOf({ credentials }: S3Place): string {
  return credentials === null ? 'the AWS credentials of the machine' : 'sharedFileStore.awsAccessId and awsSecretKey';
}
