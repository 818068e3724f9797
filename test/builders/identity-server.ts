import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createIdentity, type Identity } from '../../packages/server/src/features/auth/identity.ts';
import { statusRoutes } from '../../packages/server/src/features/status/status.routes.ts';
import { bootstrapPrincipals } from '../../packages/server/src/features/users/bootstrap.ts';
import { PRIVILEGE } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp, type Routes } from '../../packages/server/src/platform/http/app.ts';
import { aPlatform, type TestPlatform, type TestPlatformOptions } from './platform.ts';

export const ADMIN_PASSWORD = 'correct horse';
export const SESSION_TIMEOUT = 1800;

/** A route that asks for a privilege in the project of the header, as the features behind it do. */
const guardedRoutes: Routes = (app) => {
  app.get(
    '/test/guarded',
    { config: { access: { kind: 'allOf', privileges: [PRIVILEGE.createPackage] } } },
    async (_request, reply) => reply.code(204).send(),
  );
};

/** The part of a server that knows who is calling, on real databases. */
export class IdentityServer {
  readonly platform: TestPlatform;
  readonly app: FastifyInstance;
  readonly identity: Identity;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
    this.identity = createIdentity(platform, { sessionTimeout: SESSION_TIMEOUT });
    this.app = createApp({
      ids: platform.ids,
      logger: false,
      authenticate: (token) => this.identity.authenticate(token),
    });
    for (const routes of [...this.identity.routes, statusRoutes, guardedRoutes]) addApiRoutes(this.app, routes);
  }

  static async start(options: TestPlatformOptions = {}): Promise<IdentityServer> {
    const platform = await aPlatform(options);
    await bootstrapPrincipals(platform, { adminPassword: ADMIN_PASSWORD });
    const server = new IdentityServer(platform);
    await server.app.ready();
    return server;
  }

  /** Stops as a server does on SIGTERM and starts again on the same files. */
  async restart(): Promise<IdentityServer> {
    await this.identity.sessions.flush();
    await this.app.close();
    await this.platform.stop();
    return IdentityServer.start({ directory: this.platform.directory, clock: this.platform.clock });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.platform.close();
  }

  /** One request; `token` and `project` become their headers. */
  async call(request: string, options: CallOptions = {}): Promise<LightMyRequestResponse> {
    const [method, url] = request.split(' ');
    return this.app.inject({
      method: method as InjectOptions['method'] & string,
      url: `/api${url}`,
      headers: {
        ...(options.token === undefined ? {} : { 'x-mstr-authtoken': options.token }),
        ...(options.project === undefined ? {} : { 'x-mstr-projectid': options.project }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { payload: options.body }),
    });
  }

  async tryLogin(username: string, password: string): Promise<LightMyRequestResponse> {
    return this.call('POST /auth/login', { body: { loginMode: 1, username, password } });
  }

  /** Logs in and returns the token; throws the answer when it is refused. */
  async login(username = 'Administrator', password = ADMIN_PASSWORD): Promise<string> {
    const response = await this.tryLogin(username, password);
    if (response.statusCode !== 200) throw new Error(`Login of ${username}: ${response.body}`);
    return String(response.headers['x-mstr-authtoken']);
  }

  /** Creates a user with the password `secret` as Administrator and returns the id. */
  async addUser(token: string, username: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { username, fullName: `User ${username}`, password: 'secret', ...more };
    return idOf(await this.call('POST /users', { token, body }));
  }

  async addGroup(token: string, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return idOf(await this.call('POST /usergroups', { token, body: { name, ...more } }));
  }

  async addRole(token: string, name: string, privileges: readonly (number | string)[]): Promise<string> {
    return idOf(await this.call('POST /securityRoles', { token, body: { name, privileges } }));
  }

  /** One step of a PATCH. */
  async patch(
    token: string,
    path: string,
    operation: Readonly<Record<string, unknown>>,
  ): Promise<LightMyRequestResponse> {
    return this.call(`PATCH ${path}`, { token, body: { operationList: [operation] } });
  }

  async addProject(id: string, name: string): Promise<void> {
    const now = '2026-01-01T00:00:00.000+0000';
    await this.platform.metadata.write(async (tx) => {
      await tx
        .insertInto('project')
        .values({ id, name, alias: '', description: '', owner_id: '', date_created: now, date_modified: now })
        .execute();
    });
  }
}

export interface CallOptions {
  readonly token?: string;
  readonly project?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

function idOf(response: LightMyRequestResponse): string {
  if (response.statusCode !== 201) throw new Error(`Not created: ${response.body}`);
  return response.json<{ id: string }>().id;
}
