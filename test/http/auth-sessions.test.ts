import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { delayAfter } from '../../packages/server/src/features/auth/login-throttle.ts';
import { IdentityServer, SESSION_TIMEOUT } from '../builders/identity-server.ts';

describe('sessions', () => {
  let server: IdentityServer;

  beforeEach(async () => {
    server = await IdentityServer.start();
  });
  afterEach(() => server.close());

  const isAlive = async (token: string) => (await server.call('GET /sessions', { token })).statusCode === 200;
  const storedSessions = () => server.platform.library.reader.selectFrom('session').selectAll().execute();

  it('say who their user is and how long they last', async () => {
    const token = await server.login();
    const session = await server.call('GET /sessions', { token });
    expect(session.json()).toMatchObject({
      timeout: 1800,
      workingSet: 10,
      maxSearch: 3,
      locale: 1033,
      timeZone: 'UTC',
    });
    expect((await server.call('GET /sessions/userInfo', { token })).json()).toEqual({
      id: '54F3D26011D2896560009A8E67019608',
      fullName: 'Administrator',
      initials: 'A',
      username: 'Administrator',
    });
    expect((await server.call('GET /auth/token', { token })).headers['x-mstr-authtoken']).toBe(token);
  });

  it('end when they have been idle for the time-out', async () => {
    const token = await server.login();
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT);
    const response = await server.call('GET /sessions/userInfo', { token });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({
      code: 'ERR009',
      message: "The user's session has expired, please reauthenticate",
    });
  });

  it('last as long as they are used, PUT /sessions included', async () => {
    const token = await server.login();
    for (let i = 0; i < 3; i += 1) {
      server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
      const renewed = await server.call('PUT /sessions', { token });
      expect(renewed.statusCode).toBe(204);
      expect(renewed.body).toBe('');
    }
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
    expect(await isAlive(token)).toBe(true);
  });

  it('are not written by every poll, but every half minute', async () => {
    const token = await server.login();
    const [opened] = await storedSessions();
    server.platform.clock.advanceSeconds(29);
    await isAlive(token);
    expect(await storedSessions()).toEqual([opened]);
    server.platform.clock.advanceSeconds(1);
    await isAlive(token);
    expect((await storedSessions())[0]?.last_access_at).toBe(server.platform.clock.now());
  });

  it('are stored without their token', async () => {
    const token = await server.login();
    expect(JSON.stringify(await storedSessions())).not.toContain(token);
  });

  it('are swept when they have expired', async () => {
    await server.login();
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
    const token = await server.login();
    server.platform.clock.advanceSeconds(30);
    await isAlive(token);
    expect(await storedSessions()).toHaveLength(1);
  });

  it('outlive a restart, with the moment of their last use', async () => {
    const token = await server.login();
    server.platform.clock.advanceSeconds(20);
    await isAlive(token);
    server = await server.restart();
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
    expect(await isAlive(token)).toBe(true);
    server = await server.restart();
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT);
    expect(await isAlive(token)).toBe(false);
  });

  it('end with logout, each on its own', async () => {
    const first = await server.login();
    const second = await server.login();
    const logout = await server.call('POST /auth/logout', { token: first });
    expect(logout.statusCode).toBe(204);
    expect(await isAlive(first)).toBe(false);
    expect(await isAlive(second)).toBe(true);
    const again = await server.call('POST /auth/logout', { token: first });
    expect(again.statusCode).toBe(401);
    expect(again.json()).toMatchObject({ code: 'ERR009' });
  });

  it('of another environment are unknown', async () => {
    const other = await IdentityServer.start();
    const token = await other.login();
    await other.close();
    expect(await isAlive(token)).toBe(false);
    expect((await server.call('GET /sessions')).statusCode).toBe(401);
  });

  it('end at once when their user is deleted', async () => {
    const admin = await server.login();
    const id = await server.addUser(admin, 'leaver');
    const token = await server.login('leaver', 'secret');
    expect(await isAlive(token)).toBe(true);
    await server.call(`DELETE /users/${id}`, { token: admin });
    expect(await isAlive(token)).toBe(false);
    expect(await storedSessions()).toHaveLength(1);
  });

  it('end when an administrator sets a new password, but not the one that did', async () => {
    const admin = await server.login();
    const id = await server.addUser(admin, 'somebody');
    const token = await server.login('somebody', 'secret');
    await server.patch(admin, `/users/${id}`, { op: 'replace', path: '/password', value: 'other' });
    expect(await isAlive(token)).toBe(false);
    const own = await server.patch(admin, '/users/54F3D26011D2896560009A8E67019608', {
      op: 'replace',
      path: '/password',
      value: 'admin 2',
    });
    expect(own.statusCode).toBe(200);
    expect(await isAlive(admin)).toBe(true);
    expect((await server.tryLogin('Administrator', 'admin 2')).statusCode).toBe(200);
  });
});

describe('repeated failures', () => {
  let server: IdentityServer;

  beforeAll(async () => {
    server = await IdentityServer.start();
  });
  afterAll(() => server.close());

  const fail = async (name: string, times: number) => {
    for (let i = 0; i < times; i += 1) {
      const response = await server.tryLogin(name, 'wrong');
      expect(response.json()).toMatchObject({ code: 'ERR003', message: 'Login failed' });
    }
  };

  it.each([
    [0, 0],
    [2, 0],
    [3, 1],
    [4, 2],
    [5, 4],
    [8, 32],
    [9, 60],
    [1000, 60],
  ])('%i in a row cost %i seconds', (failures, seconds) => {
    expect(delayAfter(failures)).toBe(seconds);
  });

  it('make even the right password wait, whatever the case of the name', async () => {
    const admin = await server.login();
    await server.addUser(admin, 'Target');
    await fail('target', 3);
    const refused = await server.tryLogin('TARGET', 'secret');
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({
      code: 'ERR003',
      message: expect.stringContaining('Try again in 1 second.'),
    });
    server.platform.clock.advanceSeconds(1);
    await fail('target', 1);
    server.platform.clock.advanceSeconds(1);
    expect((await server.tryLogin('target', 'secret')).statusCode).toBe(401);
    server.platform.clock.advanceSeconds(1);
    expect((await server.tryLogin('target', 'secret')).statusCode).toBe(200);
  });

  it('are forgotten with a success', async () => {
    const admin = await server.login();
    await server.addUser(admin, 'clumsy');
    await fail('clumsy', 2);
    expect((await server.tryLogin('clumsy', 'secret')).statusCode).toBe(200);
    await fail('clumsy', 2);
    expect((await server.tryLogin('clumsy', 'secret')).statusCode).toBe(200);
  });

  it('are forgotten after a quarter of an hour', async () => {
    await fail('sleeper', 3);
    server.platform.clock.advanceSeconds(16 * 60);
    await fail('sleeper', 2);
    expect((await server.tryLogin('sleeper', 'wrong')).json()).toMatchObject({ message: 'Login failed' });
  });

  it('slow down unknown names too, and other names not', async () => {
    await fail('nobody', 3);
    expect((await server.tryLogin('nobody', 'wrong')).json()).toMatchObject({
      message: expect.stringContaining('Try again in 1 second'),
    });
    expect((await server.tryLogin('anybody', 'wrong')).json()).toMatchObject({ message: 'Login failed' });
  });

  it('outlive a restart', async () => {
    await fail('patient', 3);
    server = await server.restart();
    expect((await server.tryLogin('patient', 'wrong')).json()).toMatchObject({
      message: expect.stringContaining('Try again'),
    });
  });

  it('are counted one by one when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.tryLogin('rushed', 'wrong')));
    const messages = answers.map((answer) => answer.json<{ message: string }>().message);
    expect(messages.filter((message) => message === 'Login failed')).toHaveLength(3);
  });

  it('are kept without the names, for a bounded number of names', async () => {
    await fail('my secret password', 1);
    const rows = await server.platform.library.reader.selectFrom('login_failure').selectAll().execute();
    expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.login_name))).toBe(true);
    await server.platform.library.write(async (tx) => {
      for (let i = 0; i < 10_050; i += 1) {
        const row = { login_name: `name ${i}`, failures: 1, retry_at: server.platform.clock.now() - 1000 };
        await tx.insertInto('login_failure').values(row).execute();
      }
    });
    await fail('one more', 1);
    const { count } = await server.platform.library.reader
      .selectFrom('login_failure')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(10_000);
  });
});

describe('GET /status', () => {
  it('needs no session and reports a version that clients can compare', async () => {
    const server = await IdentityServer.start();
    const response = await server.call('GET /status');
    expect(response.json()).toEqual({
      iServerVersion: '11.6.0700.00001',
      webVersion: '11.6.0700.00001',
      deploymentType: 'on-premises',
    });
    await server.close();
  });
});
