import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SharedFile } from '@longshore/contracts';
import {
  openStorage,
  type OpenStorage,
  type StorageOptions,
} from '../../packages/server/src/features/storage/index.ts';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { aCaller, anAdministrator } from './api.ts';
import { aPlatform, type TestPlatform } from './platform.ts';

export const PLATFORM = '11.6.0700.00001';
export const FILES = '/mstrServices/library/storage/sharedFileStore/files';
export const STORAGE = '/mstrServices/library/storage';

/** What the answers hold, as far as tests look at it. */
export interface AnswerBody extends SharedFile {
  readonly total: number;
  readonly data: readonly SharedFile[];
  readonly code: string;
  readonly message: string;
  readonly sharedFileStore: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnswerBody;
}

/** What `fetch` can send. */
export type FormBody = NonNullable<RequestInit['body']>;

export interface Call {
  readonly as?: Caller | 'nobody';
  readonly json?: unknown;
  readonly body?: FormBody;
  readonly headers?: Record<string, string>;
}

/** The storage endpoints of one environment, listening; with its databases and its store in a folder of its own. */
export interface StorageServer {
  readonly url: string;
  readonly port: number;
  readonly platform: TestPlatform;
  readonly storage: OpenStorage;
  /** Folder of the store. */
  readonly location: string;
  /** A token of the administrator. */
  readonly token: string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** All files in the store's folder, unfinished ones included. */
  fileNames(): Promise<string[]>;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Stops listening and closes the databases, whose files stay. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions extends Partial<StorageOptions> {
  /** Another run of the same environment. */
  readonly after?: StorageServer;
  readonly log?: TestPlatform['log'];
}

export async function aStorageServer(options: ServerOptions = {}): Promise<StorageServer> {
  const { after, log, ...given } = options;
  const location = after?.location ?? (await mkdtemp(join(tmpdir(), 'longshore-store-')));
  const opened = await aPlatform(after ? { directory: after.platform.directory, clock: after.platform.clock } : {});
  const platform = log ? { ...opened, log } : opened;
  const storage = await openStorage(platform, {
    dataDirectory: platform.directory,
    instanceId: 'dev',
    initialLocation: location,
    maxPackageBytes: 2 ** 31,
    maxUploadedPackages: 1000,
    platformVersion: PLATFORM,
    ...given,
  });
  const callers = new Map<string, Caller>();
  const app = createApp({
    ids: platform.ids,
    logger: false,
    authenticate: async (token) => callers.get(token) ?? null,
  });
  for (const routes of storage.routes) addApiRoutes(app, routes);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const signIn = (caller: Caller): string => {
    const token = platform.ids.token();
    callers.set(token, caller);
    return token;
  };
  const stop = async (): Promise<void> => {
    app.server.closeAllConnections();
    await app.close();
    await platform.stop();
  };
  return {
    url,
    port,
    platform,
    storage,
    location,
    token: signIn(anAdministrator()),
    call(method, path, call = {}) {
      const token = call.as === 'nobody' ? undefined : signIn(call.as ?? anAdministrator());
      return send(`${url}/api${path}`, method, call, token);
    },
    fileNames: () => filesUnder(location),
    connections: () => promisify(app.server.getConnections.bind(app.server))(),
    stop,
    async close() {
      await stop();
      await rm(platform.directory, { recursive: true, force: true });
      await rm(location, { recursive: true, force: true });
    },
  };
}

async function send(url: string, method: string, call: Call, token: string | undefined): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { 'x-mstr-authtoken': token }),
      ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as AnswerBody,
  };
}

/** A caller who holds these privileges and no other. */
export const withPrivileges = (...privileges: number[]): Caller => aCaller({ privileges });

export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

/** A further folder beside the store, which goes with the databases. */
export async function aFolder(server: StorageServer, name: string): Promise<string> {
  const folder = join(server.platform.directory, name);
  await mkdir(folder);
  return folder;
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The body that announces a file, with changes; wrong ones as well. */
export function announcement(bytes: Buffer, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Year',
    type: 'migrations.packages',
    extension: 'mmp',
    size: bytes.length,
    sha256: sha256(bytes),
    environment: { id: 'https://dev/MicroStrategyLibrary/', name: 'dev' },
    extraInfo: { packageType: 'project', packagePurpose: 'object_migration' },
    ...changes,
  };
}

/** Announces a file, which must be accepted. */
export async function announce(
  server: StorageServer,
  bytes: Buffer,
  changes: Record<string, unknown> = {},
): Promise<SharedFile> {
  const { status, body, text } = await server.call('POST', FILES, { json: announcement(bytes, changes) });
  if (status !== 200) throw new Error(`The file was refused: ${text}`);
  return body;
}

export function formOf(bytes: Buffer, name = 'file'): FormData {
  const form = new FormData();
  form.append(name, new Blob([new Uint8Array(bytes)]), 'file');
  return form;
}

export const upload = (server: StorageServer, fileId: string, bytes: Buffer): Promise<Answer> =>
  server.call('PUT', `${FILES}/${fileId}/binary`, { body: formOf(bytes) });

/** The file as the list shows it. */
export async function listed(server: StorageServer, fileId: string): Promise<SharedFile | undefined> {
  const { body } = await server.call('GET', `${FILES}?type=migrations.packages&limit=1000`);
  return body.data.find((file) => file.id === fileId);
}

/** What matters of a refusal: status, code and message. */
export const refusal = ({ status, body }: Answer): [number, string, string] => [status, body.code, body.message];
