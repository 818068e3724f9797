import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from '../../packages/server/src/platform/files/s3/s3-place.ts';
import { prepareS3Program } from './s3-program.ts';

/** The account of the test server. */
export const S3_KEYS = { accessKeyId: 'longshore-tests', secretAccessKey: 'a secret of the tests only' } as const;
export const S3_REGION = 'us-east-1';

/** A real S3 server on loopback, with its objects in a folder of its own. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly port: number;
  /** A new bucket, and where it is. */
  place(bucket: string, prefix?: string): Promise<S3Place>;
  removeBucket(bucket: string): Promise<void>;
  /** Ends the process at once, as a crash would; the objects stay. */
  kill(): Promise<void>;
  /** Starts it again at the same address, with the same objects. */
  start(): Promise<void>;
  /** Ends it and removes its objects. */
  close(): Promise<void>;
}

const START_TRIES = 200;
const PAUSE_MS = 50;

/** Starts a server; building it the first time takes a minute or two. */
export async function aS3Server(): Promise<S3Server> {
  const program = prepareS3Program();
  const folder = await mkdtemp(join(tmpdir(), 'longshore-s3-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({
    endpoint,
    region: S3_REGION,
    credentials: S3_KEYS,
    forcePathStyle: true,
    requestHandler: { connectionTimeout: 5000 },
  });
  let running: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    running = await startProgram(program, folder, port);
  };
  const kill = async (): Promise<void> => {
    const child = running;
    running = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const close = async (): Promise<void> => {
    client.destroy();
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  await start();
  return {
    endpoint,
    port,
    start,
    kill,
    close,
    async place(bucket, prefix = '') {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { kind: 's3', bucket, prefix, region: S3_REGION, endpoint, addressing: 'path', credentials: S3_KEYS };
    },
    async removeBucket(bucket) {
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    },
    [Symbol.asyncDispose]: close,
  };
}

async function startProgram(program: string, folder: string, port: number): Promise<ChildProcess> {
  const [objects, metadata] = [join(folder, 'objects'), join(folder, 'metadata')];
  await Promise.all([mkdir(objects, { recursive: true }), mkdir(metadata, { recursive: true })]);
  let said = '';
  // The sidecar is for file systems without extended attributes, in which the gateway would keep what it knows.
  for (const flags of [[], ['--sidecar', metadata]]) {
    const start = await tryProgram(
      program,
      ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', ...flags, objects],
      port,
    );
    if (typeof start !== 'string') return start;
    said = start;
  }
  throw new Error(`The S3 server ${program} did not start on port ${port}. It said: ${said}`);
}

/** @returns what the program has said when it did not start */
async function tryProgram(program: string, args: readonly string[], port: number): Promise<ChildProcess | string> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ROOT_ACCESS_KEY: S3_KEYS.accessKeyId, ROOT_SECRET_KEY: S3_KEYS.secretAccessKey },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  child.on('error', (error) => {
    said += error.message;
  });
  process.once('exit', () => child.kill('SIGKILL'));
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    if (child.exitCode !== null || child.pid === undefined) break;
    if (await listens(port)) return child;
    await delay(PAUSE_MS);
  }
  child.kill('SIGKILL');
  return said;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
