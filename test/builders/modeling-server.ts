import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createIdentity } from '../../packages/server/src/features/auth/identity.ts';
import { composeMetadata } from '../../packages/server/src/features/metadata/compose-metadata.ts';
import { composeModeling } from '../../packages/server/src/features/modeling/compose-modeling.ts';
import { bootstrapConfiguration } from '../../packages/server/src/features/projects/bootstrap-configuration.ts';
import { bootstrapPrincipals } from '../../packages/server/src/features/users/bootstrap.ts';
import { createReloadJobs, type ReloadJobs } from '../../packages/server/src/features/tasks/reload-jobs.service.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { NO_JOB_OBSERVER } from '../../packages/server/src/platform/jobs/job-observer.ts';
import { aPlatform, type TestPlatform, type TestPlatformOptions } from './platform.ts';

const PASSWORD = 'correct horse';
export const SESSION_TIMEOUT = 1800;

/** Predefined folders of every project. */
export const FOLDER = {
  root: 'D43364C684E34A5F9B2F9AD7108F7828',
  publicObjects: '98FE182C2A10427EACE0CD30B6768258',
  metrics: predefined(5),
  attributes: predefined(26),
  columns: predefined(27),
  tables: predefined(35),
  warehouseTables: predefined(36),
} as const;

function predefined(number: number): string {
  return `4C4F4E4753484F5245${String(number).padStart(14, '0')}`;
}

export interface ModelCall {
  /** The Administrator's when it is left out. */
  readonly token?: string;
  /** False leaves the project header out; the server's project when it is absent. */
  readonly project?: string | false;
  readonly changeset?: string;
  readonly body?: InjectOptions['payload'];
  readonly headers?: Readonly<Record<string, string>>;
}

/** As much of a modeled object as tests look at. */
export interface ShownModel {
  readonly information: Readonly<Record<string, unknown>> & { readonly objectId: string; readonly versionId: string };
  readonly [member: string]: unknown;
}

/** An environment with real sessions, one project, and the modeling API. */
export class ModelingServer {
  readonly platform: TestPlatform;
  readonly reloads: ReloadJobs;
  readonly #app: ReturnType<typeof createApp>;
  readonly #identity: ReturnType<typeof createIdentity>;
  #admin = '';
  #project = '';

  private constructor(platform: TestPlatform, reloads: ReloadJobs) {
    this.platform = platform;
    this.reloads = reloads;
    const metadata = composeMetadata(platform, { name: 'node-1', sessionTimeout: SESSION_TIMEOUT });
    this.#identity = createIdentity(platform, { sessionTimeout: SESSION_TIMEOUT });
    const modeling = composeModeling(metadata.context, { machineName: 'node-1', reloadJobs: reloads });
    this.#app = createApp({
      ids: platform.ids,
      logger: false,
      authenticate: (token) => this.#identity.authenticate(token),
    });
    for (const routes of [...this.#identity.routes, ...metadata.routes, ...modeling.routes]) {
      addApiRoutes(this.#app, routes);
    }
  }

  static async start(platformOptions: TestPlatformOptions = {}): Promise<ModelingServer> {
    const platform = await aPlatform(platformOptions);
    await bootstrapPrincipals(platform, { adminPassword: PASSWORD });
    await bootstrapConfiguration(platform);
    const options = { platform, queue: null, works: true, observer: NO_JOB_OBSERVER };
    const server = new ModelingServer(platform, await createReloadJobs(options));
    await server.reloads.settle();
    await server.#app.ready();
    server.#admin = await server.login();
    const existing = await server.call('GET /projects', { project: false });
    const [first] = existing.json<{ id: string }[]>();
    server.#project = first?.id ?? (await server.addProject('Sales'));
    return server;
  }

  /** Stops as a server does on SIGTERM and starts again on the same files. */
  async restart(): Promise<ModelingServer> {
    await this.#identity.sessions.flush();
    await this.#app.close();
    await this.platform.stop();
    const again = await ModelingServer.start({ directory: this.platform.directory, clock: this.platform.clock });
    again.#project = this.#project;
    return again;
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.reloads.drain();
    await this.platform.close();
  }

  get project(): string {
    return this.#project;
  }

  /** A new session of a user. */
  async login(username = 'Administrator', password = PASSWORD): Promise<string> {
    const body = { loginMode: 1, username, password };
    const response = await this.call('POST /auth/login', { body, project: false });
    return String(expectStatus(response, 200).headers['x-mstr-authtoken']);
  }

  /** Goes on with a new project, in which nothing has been made yet: cheaper than a new server for every test. */
  async startOver(): Promise<void> {
    if ((await this.call('GET /sessions', { project: false })).statusCode === 401) this.#admin = await this.login();
    this.#project = await this.addProject(`Sales ${this.platform.ids.objectId()}`);
  }

  async addProject(name: string): Promise<string> {
    const response = await this.call('POST /v2/projects', { body: { name }, project: false });
    return expectStatus(response, 201).json<{ id: string }>().id;
  }

  /** A new user with these privileges. @returns a session of the user */
  async addUser(username: string, privileges: readonly number[]): Promise<string> {
    const body = { username, fullName: `User ${username}`, password: 'secret', privileges: privileges.map(String) };
    const user = expectStatus(await this.call('POST /users', { body, project: false }), 201).json<{ id: string }>();
    for (const privilege of privileges) {
      const operation = { op: 'add', path: '/privileges', value: [String(privilege)] };
      const granted = { body: { operationList: [operation] }, project: false } as const;
      expectStatus(await this.call(`PATCH /users/${user.id}`, granted), 200);
    }
    return this.login(username, 'secret');
  }

  /** One request, e.g. `GET /model/tables`. */
  async call(request: string, options: ModelCall = {}): Promise<LightMyRequestResponse> {
    const [method, url] = request.split(' ');
    const { token = this.#admin, project = this.#project, changeset, body, headers } = options;
    return this.#app.inject({
      method: method as InjectOptions['method'] & string,
      url: `/api${url}`,
      headers: {
        ...(token === '' ? {} : { 'x-mstr-authtoken': token }),
        ...(project === false ? {} : { 'x-mstr-projectid': project }),
        ...(changeset === undefined ? {} : { 'x-mstr-ms-changeset': changeset }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
  }

  /** Creates an object of a resource, which must be accepted. */
  async create(resource: string, body: object, options: ModelCall = {}): Promise<ShownModel> {
    return expectStatus(await this.call(`POST /model/${resource}`, { ...options, body }), 201).json<ShownModel>();
  }

  async read(resource: string, id: string, options: ModelCall = {}): Promise<ShownModel> {
    return expectStatus(await this.call(`GET /model/${resource}/${id}`, options), 200).json<ShownModel>();
  }

  async change(resource: string, id: string, body: object, options: ModelCall = {}): Promise<ShownModel> {
    return expectStatus(
      await this.call(`PATCH /model/${resource}/${id}`, { ...options, body }),
      200,
    ).json<ShownModel>();
  }

  /** Opens a changeset. @returns its id */
  async openChangeset(schemaEdit: boolean, options: ModelCall = {}): Promise<string> {
    const response = await this.call(`POST /model/changesets?schemaEdit=${schemaEdit}`, options);
    return expectStatus(response, 201).json<{ id: string }>().id;
  }

  /** A table with one column, as the schema objects of a test need it. */
  createTable(name: string, column: string, options: ModelCall = {}): Promise<ShownModel> {
    return this.create('tables', aTable(name, [column]), options);
  }

  /** Everything that is stored, as text. */
  async dump(): Promise<string> {
    return expectStatus(await this.call('GET /longshore/metadata', { project: false }), 200).body;
  }

  /** Ids of what an object uses, as stored. */
  async usesOf(id: string): Promise<string[]> {
    const rows = await this.platform.metadata.reader
      .selectFrom('object_reference')
      .select('to_id')
      .where('scope', '=', this.#project)
      .where('from_id', '=', id)
      .orderBy('to_id')
      .execute();
    return rows.map((row) => row.to_id);
  }
}

export function expectStatus(response: LightMyRequestResponse, status: number): LightMyRequestResponse {
  if (response.statusCode === status) return response;
  throw new Error(`Expected ${status}, got ${response.statusCode}: ${response.body}`);
}

export const linkTo = (model: ShownModel): { objectId: string; subType: unknown; name: unknown } => ({
  objectId: model.information.objectId,
  subType: model.information['subType'],
  name: model.information['name'],
});

export function aTable(name: string, columns: readonly string[]): object {
  return {
    information: { name },
    physicalTable: {
      tableName: name,
      namespace: 'dbo',
      columns: columns.map((columnName) => ({ columnName, dataType: { type: 'integer', precision: 4, scale: 0 } })),
    },
    logicalSize: 3,
  };
}

/** An attribute with an ID form over one column of a table. */
export function anAttribute(name: string, table: ShownModel, column: string): object {
  return {
    information: { subType: 'attribute', name, destinationFolderId: FOLDER.publicObjects },
    forms: [
      {
        name: 'ID',
        category: 'ID',
        displayFormat: 'number',
        expressions: [{ expression: { tokens: [{ value: column }] }, tables: [linkTo(table)] }],
        lookupTable: linkTo(table),
      },
    ],
    attributeLookupTable: linkTo(table),
    keyForm: { name: 'ID' },
    displays: { reportDisplays: [{ name: 'ID' }], browseDisplays: [{ name: 'ID' }] },
    sorts: { reportSorts: [{ form: { name: 'ID' }, ascending: true }] },
  };
}
