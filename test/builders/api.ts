import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { WELL_KNOWN } from '@longshore/domain';
import { bootstrapConfiguration } from '../../packages/server/src/features/projects/bootstrap-configuration.ts';
import { composeMetadata, type MetadataOptions } from '../../packages/server/src/features/metadata/compose-metadata.ts';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { addApiRoutes, createApp } from '../../packages/server/src/platform/http/app.ts';
import { aPlatform, type TestPlatform } from './platform.ts';

/** A caller as the sessions would give it; by default a user without any privilege, a member of Everyone. */
export function aCaller(options: Partial<Caller> & { privileges?: readonly number[] } = {}): Caller {
  const { privileges = [], ...given } = options;
  const user = given.user ?? { id: '0A'.repeat(16), name: 'Ann Analyst', login: 'ann' };
  return {
    sessionId: `session of ${user.login}`,
    user,
    principalIds: [user.id, WELL_KNOWN.everyone],
    isAdministrator: false,
    hasPrivilege: (privilege) => privileges.includes(privilege),
    hasPrivilegeSomewhere: (privilege) => privileges.includes(privilege),
    ...given,
  };
}

export const anAdministrator = (): Caller =>
  aCaller({
    user: { id: WELL_KNOWN.administrator, name: 'Administrator', login: 'administrator' },
    principalIds: [WELL_KNOWN.administrator, WELL_KNOWN.everyone, WELL_KNOWN.systemAdministrators],
    isAdministrator: true,
    hasPrivilege: () => true,
    hasPrivilegeSomewhere: () => true,
  });

/** The API about metadata over a real database; callers are known by tokens that a test hands out. */
export interface TestApi {
  readonly app: FastifyInstance;
  readonly platform: TestPlatform;
  /** Makes a caller known. @returns its token */
  login(caller: Caller): string;
  /** One request as a caller; the administrator when none is given. Paths are written from `/api`. */
  call(options: CallOptions): Promise<LightMyRequestResponse>;
  /** Loads lines, which must be accepted. */
  load(lines: readonly object[]): Promise<Record<string, number>>;
  /** The whole dump, or that of a project. */
  dump(projectId?: string): Promise<string>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly as?: Caller;
  readonly projectId?: string;
  readonly body?: InjectOptions['payload'];
  readonly headers?: Record<string, string>;
}

/** @param options what is not as the server has it */
export async function anApi(options: Pick<MetadataOptions, 'searches'> = {}): Promise<TestApi> {
  const platform = await aPlatform();
  await bootstrapConfiguration(platform);
  const callers = new Map<string, Caller>();
  const app = createApp({
    ids: platform.ids,
    logger: false,
    authenticate: async (token) => callers.get(token) ?? null,
  });
  for (const routes of composeMetadata(platform, { name: 'node-1', sessionTimeout: 1800, ...options }).routes)
    addApiRoutes(app, routes);
  await app.ready();

  const login = (caller: Caller): string => {
    const token = platform.ids.token();
    callers.set(token, caller);
    return token;
  };
  const call: TestApi['call'] = ({ method = 'GET', url, as = anAdministrator(), projectId, body, headers }) =>
    app.inject({
      method,
      url: `/api${url}`,
      headers: {
        'x-mstr-authtoken': login(as),
        ...(projectId === undefined ? {} : { 'x-mstr-projectid': projectId }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
  return {
    app,
    platform,
    login,
    call,
    async load(lines) {
      const response = await loadText(call, lines.map((line) => JSON.stringify(line)).join('\n'));
      if (response.statusCode !== 200) throw new Error(`The load was refused: ${response.body}`);
      return response.json<Record<string, number>>();
    },
    async dump(projectId) {
      const query = projectId === undefined ? '' : `?projectId=${projectId}`;
      return (await call({ url: `/longshore/metadata${query}` })).body;
    },
    async close() {
      await app.close();
      await platform.close();
    },
  };
}

export const loadText = (call: TestApi['call'], text: string): Promise<LightMyRequestResponse> =>
  call({
    method: 'POST',
    url: '/longshore/metadata',
    body: text,
    headers: { 'content-type': 'application/x-ndjson' },
  });
