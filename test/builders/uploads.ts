import type { Migration } from '@longshore/client';
import { PASSWORD, PROJECT, type TestServer } from '../e2e/two-environments.ts';
import { announcement, FILES, formOf } from './storage-server.ts';

export interface Reply {
  readonly status: number;
  readonly body: { readonly id: string; readonly code: string; readonly message: string; readonly path: string };
}

/** Raw calls of one session, as a client makes them that knows nothing but the paths. */
export interface RawSession {
  call(method: string, path: string, options?: RawCall): Promise<Reply>;
  download(path: string): Promise<Buffer>;
}

export interface RawCall {
  readonly json?: unknown;
  readonly form?: FormData;
  /** Null leaves the project header out; the project of the samples when it is absent. */
  readonly project?: string | null;
}

export async function openSession(server: TestServer, username = 'Administrator', password = PASSWORD) {
  const root = `${server.running.url}/api`;
  const login = await fetch(`${root}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const token = login.headers.get('x-mstr-authtoken');
  if (token === null) throw new Error(`Login of ${username}: ${await login.text()}`);
  const send = (method: string, path: string, { json, form, project = PROJECT }: RawCall = {}) =>
    fetch(`${root}${path}`, {
      method,
      headers: {
        'x-mstr-authtoken': token,
        ...(project === null ? {} : { 'x-mstr-projectid': project }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(form === undefined ? {} : { body: form }),
    });
  const session: RawSession = {
    async call(method, path, options) {
      const response = await send(method, path, options);
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Reply['body'] };
    },
    async download(path) {
      const response = await send('GET', path);
      if (!response.ok) throw new Error(await response.text());
      return Buffer.from(await response.arrayBuffer());
    },
  };
  return session;
}

export interface UploadedFile {
  readonly id: string;
  readonly path: string;
}

/** Announces and uploads a package file; both must be accepted. */
export async function uploadPackage(
  session: RawSession,
  bytes: Buffer,
  packageType: string = 'project',
): Promise<UploadedFile> {
  const file = await announcePackage(session, bytes, packageType);
  const stored = await session.call('PUT', `${FILES}/${file.id}/binary`, { form: formOf(bytes) });
  if (stored.status !== 200) throw new Error(stored.body.message);
  return file;
}

export async function announcePackage(session: RawSession, bytes: Buffer, packageType = 'project') {
  const extraInfo = { packageType, packagePurpose: 'migration_from_shared_file_store' };
  const announced = await session.call('POST', FILES, { json: announcement(bytes, { extraInfo }) });
  if (announced.status !== 200) throw new Error(announced.body.message);
  return announced.body;
}

/** The body that imports an uploaded file. */
export function fromFile(fileId: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    packageInfo: {
      storage: { sharedFileStore: { files: { id: fileId } } },
      purpose: 'migration_from_shared_file_store',
    },
    importInfo: {},
    ...more,
  };
}

/** The file of a package, as its source gives it out. */
export async function packageBytes(source: TestServer, record: Migration): Promise<Buffer> {
  const session = await openSession(source);
  return session.download(`/migrations/packages/${record.packageInfo.id}/binary`);
}
