import { randomBytes } from 'node:crypto';
import type { HolderImport, HolderPackage, PackageObjects } from '@longshore/contracts';
import { PASSWORD, PROJECT, type TestServer } from '../e2e/two-environments.ts';

/** What the answers of the older package API may hold; which of it is there, the test says. */
export interface PackageBody
  extends Omit<HolderPackage, 'status'>, Omit<HolderImport, 'id' | 'status' | 'message'>, PackageObjects {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

export interface PackageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: PackageBody;
  readonly bytes: Buffer;
}

export interface PackageCall {
  /** The project header; the Tutorial when it is left out, none when null. */
  readonly project?: string | null;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Record<string, string>;
}

/** One session of a server. */
export interface Session {
  readonly server: TestServer;
  readonly token: string;
  call(method: string, path: string, call?: PackageCall): Promise<PackageAnswer>;
  logout(): Promise<void>;
}

export async function aSession(server: TestServer, user = 'Administrator', password = PASSWORD): Promise<Session> {
  const login = await fetch(`${server.running.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: user, password, loginMode: 1 }),
  });
  const token = login.headers.get('x-mstr-authtoken');
  if (token === null) throw new Error(`The login was refused: ${await login.text()}`);
  const request = (method: string, path: string, call: PackageCall): Promise<Response> => {
    const { project = PROJECT, json, form, headers = {} } = call;
    const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
    return fetch(`${server.running.url}/api${path}`, {
      method,
      headers: {
        'x-mstr-authtoken': token,
        prefer: 'respond-async',
        ...(project === null ? {} : { 'x-mstr-projectid': project }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  };
  return {
    server,
    token,
    async call(method, path, call = {}) {
      const response = await request(method, path, call);
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      const body =
        isJson && bytes.length > 0 ? (JSON.parse(bytes.toString('utf8')) as PackageBody) : ({} as PackageBody);
      return { status: response.status, headers: response.headers, body, bytes };
    },
    async logout() {
      await request('POST', '/auth/logout', {});
    },
  };
}

/** The body of an answer that must have this status. */
export async function expectAnswer(answer: Promise<PackageAnswer>, status: number): Promise<PackageBody> {
  const { status: actual, body } = await answer;
  if (actual !== status) throw new Error(`Expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return body;
}

/** Asks until the status is another one than `PROCESSING`. */
export async function settled(session: Session, path: string, call: PackageCall = {}): Promise<PackageBody> {
  for (;;) {
    const body = await expectAnswer(session.call('GET', path, call), 200);
    if (body.status !== 'PROCESSING') return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const SETTINGS = {
  updateSchema: [],
  aclOnReplacingObjects: 'replace',
  aclOnNewObjects: ['keep_acl_as_source_object'],
  defaultAction: 'replace',
};

/** Makes a package and fills it; its id. It is ready, or failed. */
export async function filled(session: Session, content: readonly unknown[], call: PackageCall = {}): Promise<string> {
  const { id } = await expectAnswer(session.call('POST', '/packages', call), 201);
  const json = { type: call.project === null ? 'configuration' : 'project', settings: SETTINGS, content };
  await expectAnswer(session.call('PUT', `/packages/${id}`, { ...call, json }), 202);
  await settled(session, `/packages/${id}`, call);
  return id;
}

export function formWith(bytes: Buffer, name = 'file'): FormData {
  const form = new FormData();
  form.set(name, new Blob([new Uint8Array(bytes)]), 'package.mmp');
  return form;
}

/** Makes a package out of a file; its id. */
export async function uploaded(session: Session, bytes: Buffer, call: PackageCall = {}): Promise<string> {
  const { id } = await expectAnswer(session.call('POST', '/packages', call), 201);
  await expectAnswer(session.call('PUT', `/packages/${id}/binary`, { ...call, form: formWith(bytes) }), 200);
  return id;
}

/** Imports a package; the import as it is when it has ended. */
export async function imported(session: Session, packageId: string, query = '', call: PackageCall = {}) {
  const path = `/packages/imports?packageId=${encodeURIComponent(packageId)}${query}`;
  const { id } = await expectAnswer(session.call('POST', path, call), 202);
  return settled(session, `/packages/imports/${id}`, call);
}

export const noise = (size: number): Buffer => randomBytes(size);
