import { randomUUID } from 'node:crypto';
import { INCOMING, requireInstanceId } from '../incoming.ts';
import { S3Bucket, type S3Patience } from './s3-bucket.ts';
import { failureOf, regionOf, wordOf, type S3Failure } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { readWhole } from '../read-whole.ts';

/** What a store does with a bucket. */
export type S3Step = 'reach' | 'write' | 'writeOnce' | 'read' | 'list' | 'upload' | 'copy' | 'delete';

/** The first thing that a bucket refused. */
export interface S3Problem {
  readonly step: S3Step;
  readonly failure: S3Failure;
  /** The word of the server or of the system for it. */
  readonly word: string;
  /** Where the bucket is, when the server said so. */
  readonly region: string | undefined;
}

/** Somebody waits for the answer. */
const PATIENCE: S3Patience = { attempts: 2, requestMs: 10_000 };
const CONTENT = Buffer.from('longshore');

/** Does with a bucket once all that a store will do, in this process's own folder; leaves nothing behind. */
export async function tryS3Place(place: S3Place, instanceId: string): Promise<S3Problem | undefined> {
  const bucket = new S3Bucket(place, PATIENCE);
  const folder = `${INCOMING}/${requireInstanceId(instanceId)}/`;
  const [probe, copy] = [`${folder}${randomUUID()}.probe`, `${folder}${randomUUID()}.probe`];
  let step: S3Step = 'reach';
  try {
    for (const [name, run] of Object.entries(stepsWith(bucket, { folder, probe, copy }))) {
      step = name as S3Step;
      await run();
    }
    return undefined;
  } catch (error) {
    // What could be written is taken away again, where that is allowed.
    for (const name of step === 'reach' ? [] : [probe, copy]) await bucket.remove(name).catch(() => undefined);
    return { step, failure: failureOf(error), word: wordOf(error), region: regionOf(error) };
  }
}

interface ProbeNames {
  readonly folder: string;
  readonly probe: string;
  readonly copy: string;
}

function stepsWith(bucket: S3Bucket, { folder, probe, copy }: ProbeNames): Record<S3Step, () => Promise<void>> {
  return {
    reach: () => bucket.requireBucket(),
    write: async () => void (await bucket.put(probe, CONTENT)),
    writeOnce: () => requireCondition(bucket, probe),
    async read() {
      const { body } = await bucket.get(probe);
      if (!(await readWhole(body)).equals(CONTENT)) throw new Error('what was written came back changed');
    },
    async list() {
      await bucket.list(folder).next();
      await bucket.uploads(folder).next();
    },
    upload: async () => bucket.abortUpload(await bucket.startUpload(probe)),
    copy: () => bucket.copy(probe, copy),
    async delete() {
      await bucket.remove(probe);
      await bucket.remove(copy);
    },
  };
}

/** A server that ignores the condition would let two environments overwrite what the other has just written. */
async function requireCondition(bucket: S3Bucket, probe: string): Promise<void> {
  const isRefused = await bucket.put(probe, CONTENT, { ifAbsent: true }).then(
    () => false,
    (error: unknown) => {
      if (failureOf(error) === 'conditionFailed') return true;
      throw error;
    },
  );
  if (!isRefused) throw Object.assign(new Error('the condition was ignored'), { name: 'NotImplemented' });
}
