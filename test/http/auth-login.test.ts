import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRINCIPAL } from '../../packages/server/src/features/users/well-known.ts';
import { ADMIN_PASSWORD, IdentityServer } from '../builders/identity-server.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let server: IdentityServer;
let admin: string;

beforeAll(async () => {
  server = await IdentityServer.start();
  admin = await server.login();
});
afterAll(() => server.close());

const loginWith = (username: string, password: string, more: object) =>
  server.call('POST /auth/login', { body: { username, password, ...more } });

const newIdentityToken = async (token: string) => {
  const response = await server.call('POST /auth/identityToken', { token });
  expect(response.statusCode).toBe(201);
  expect(response.body).toBe('');
  return String(response.headers['x-mstr-identitytoken']);
};
const checkIdentityToken = (identityToken: string) =>
  server.call('GET /auth/identityToken', { headers: { 'X-MSTR-IdentityToken': identityToken } });

const newApiToken = (token: string, body?: object) =>
  server.call('POST /auth/apiTokens', { token, ...(body ? { body } : {}) });
const loginWithToken = (apiToken: string) =>
  server.call('POST /auth/login', { body: { loginMode: 4096, applicationType: 76, username: apiToken } });
const apiTokenOf = (response: Awaited<ReturnType<typeof newApiToken>>) =>
  response.json<{ apiToken: string }>().apiToken;

describe('POST /auth/login', () => {
  it('answers with the token in the body and in the header, and a session cookie', async () => {
    const response = await server.tryLogin('Administrator', ADMIN_PASSWORD);
    expect(response.statusCode).toBe(200);
    const token = String(response.headers['x-mstr-authtoken']);
    expect(token).toMatch(/^[0-9a-v]{26}$/);
    expect(response.json()).toEqual({ 'X-MSTR-AuthToken': token });
    expect(response.headers['set-cookie']).toMatch(/^JSESSIONID=[0-9A-F]{32}; Path=\/; HttpOnly/);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('answers 204 without a body when a minimal answer is preferred', async () => {
    const body = { username: 'Administrator', password: ADMIN_PASSWORD };
    const response = await server.call('POST /auth/login', { body, headers: { Prefer: 'Return=Minimal' } });
    expect(response.statusCode).toBe(204);
    expect(response.body).toBe('');
    expect(response.headers['x-mstr-authtoken']).toBeDefined();
  });

  it('takes a form, the numbers as text', async () => {
    const password = encodeURIComponent(ADMIN_PASSWORD);
    const body = `loginMode=1&applicationType=76&username=administrator&password=${password}&workingSet=20&maxSearch=`;
    const response = await server.call('POST /auth/login', { headers: FORM, body });
    expect(response.statusCode).toBe(200);
    const session = await server.call('GET /sessions', { token: String(response.headers['x-mstr-authtoken']) });
    expect(session.json()).toMatchObject({ timeout: 1800, workingSet: 20, maxSearch: 3, metadataLocale: 'en_us' });
  });

  it('finds the user whatever the case of the name', async () => {
    await server.addUser(admin, 'Ümit');
    expect((await server.tryLogin('üMIT', 'secret')).statusCode).toBe(200);
    expect((await server.tryLogin('u\u0308mit', 'secret')).statusCode).toBe(200);
  });

  it('stands under the web application prefix too', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/MicroStrategyLibrary/api/auth/login',
      payload: { username: 'Administrator', password: ADMIN_PASSWORD },
    });
    expect(response.statusCode).toBe(200);
  });

  it('fails alike for an unknown name, a wrong password, a disabled user and one without a password', async () => {
    await server.addUser(admin, 'disabled', { enabled: false });
    await server.addUser(admin, 'passwordless', { password: undefined });
    await server.addUser(admin, 'external', { standardAuth: false });
    const answers = [];
    for (const [name, password] of [
      ['nobody', 'secret'],
      ['Administrator', 'wrong'],
      ['disabled', 'secret'],
      ['passwordless', ''],
      ['external', 'secret'],
    ] as const) {
      const response = await server.tryLogin(name, password);
      const { code, message } = response.json<{ code: string; message: string }>();
      answers.push({ name, status: response.statusCode, code, message });
      expect(response.headers['x-mstr-authtoken']).toBeUndefined();
    }
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 401, code: 'ERR003', message: 'Login failed' });
  });

  it.each([
    ['a mode it does not know', { loginMode: 16, username: 'x', password: 'y' }, 'ERR006'],
    ['a mode that is no number', { loginMode: 'ldap', username: 'x' }, 'ERR006'],
    ['a login without a name', { password: 'y' }, 'ERR005'],
    ['a working set that is too small', { username: 'x', workingSet: 2 }, 'ERR006'],
    ['a password that is no text', { username: 'x', password: 5 }, 'ERR006'],
    ['a body that is no object', [], 'ERR006'],
  ])('refuses %s with 400', async (_case, body, code) => {
    const response = await server.call('POST /auth/login', { body });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code });
  });

  it('refuses a login without a body', async () => {
    expect((await server.call('POST /auth/login')).statusCode).toBe(400);
  });

  it('accepts any application type', async () => {
    const body = { username: 'Administrator', password: ADMIN_PASSWORD, applicationType: 4711, unknown: { a: 1 } };
    expect((await server.call('POST /auth/login', { body })).statusCode).toBe(200);
  });

  it('opens anonymous sessions only while Guest is enabled', async () => {
    const refused = await server.call('POST /auth/login', { body: { loginMode: 8 } });
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'ERR003', message: expect.stringContaining('Guest') });
    const guest = `/users/${PRINCIPAL.guest}`;
    await server.patch(admin, guest, { op: 'replace', path: '/enabled', value: true });
    const opened = await server.call('POST /auth/login', { body: { loginMode: 8 } });
    const token = String(opened.headers['x-mstr-authtoken']);
    expect((await server.call('GET /sessions/userInfo', { token })).json()).toMatchObject({ username: 'Guest' });
    await server.patch(admin, guest, { op: 'REPLACE', path: '/enabled', value: 'False' });
    expect((await server.call('GET /sessions/userInfo', { token })).statusCode).toBe(401);
  });
});

describe('a new password at login', () => {
  it('is set when the old one is right, and ends the sessions opened with that', async () => {
    await server.addUser(admin, 'changer');
    const before = await server.login('changer', 'secret');
    const changed = await loginWith('changer', 'secret', { changePassword: true, newPassword: 'better' });
    expect(changed.statusCode).toBe(200);
    expect((await server.call('GET /sessions', { token: before })).statusCode).toBe(401);
    const after = String(changed.headers['x-mstr-authtoken']);
    expect((await server.call('GET /sessions', { token: after })).statusCode).toBe(200);
    expect((await server.tryLogin('changer', 'secret')).statusCode).toBe(401);
    expect((await server.tryLogin('changer', 'better')).statusCode).toBe(200);
  });

  it('is not set with a wrong old password', async () => {
    await server.addUser(admin, 'victim');
    expect((await loginWith('victim', 'guess', { changePassword: 'true', newPassword: 'taken' })).statusCode).toBe(401);
    expect((await server.tryLogin('victim', 'secret')).statusCode).toBe(200);
  });

  it('is required of a user who must set one', async () => {
    await server.addUser(admin, 'newcomer', { requireNewPassword: true });
    const refused = await server.tryLogin('newcomer', 'secret');
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'ERR003', message: expect.stringContaining('newPassword') });
    expect((await loginWith('newcomer', 'secret', { newPassword: 'own' })).statusCode).toBe(200);
    expect((await server.tryLogin('newcomer', 'own')).statusCode).toBe(200);
  });

  it('renews a password that has expired, once', async () => {
    const id = await server.addUser(admin, 'expired', { passwordExpirationDate: '2020-01-01T00:00:00.000+0000' });
    expect((await server.tryLogin('expired', 'secret')).statusCode).toBe(401);
    expect((await loginWith('expired', 'secret', { newPassword: 'fresh' })).statusCode).toBe(200);
    expect((await server.tryLogin('expired', 'fresh')).statusCode).toBe(200);
    const user = await server.call(`GET /users/${id}`, { token: admin });
    expect(user.json()).not.toHaveProperty('passwordExpirationDate');
  });

  it.each([
    ['an empty one', { changePassword: true, newPassword: '' }],
    ['none', { changePassword: true }],
    ['the old one', { newPassword: 'secret' }],
    ['one with a flag that is neither true nor false', { changePassword: 'maybe', newPassword: 'other' }],
  ])('is refused when it is %s', async (_case, more) => {
    await server.addUser(admin, `kept ${JSON.stringify(more)}`);
    expect((await loginWith(`kept ${JSON.stringify(more)}`, 'secret', more)).statusCode).toBe(400);
    expect((await server.tryLogin(`kept ${JSON.stringify(more)}`, 'secret')).statusCode).toBe(200);
  });

  it('is refused to a user who may not change it', async () => {
    await server.addUser(admin, 'fixed', { passwordModifiable: false });
    expect((await loginWith('fixed', 'secret', { newPassword: 'other' })).statusCode).toBe(400);
  });
});

describe('identity tokens', () => {
  it('open another session of the same user, more than once', async () => {
    const identityToken = await newIdentityToken(admin);
    expect((await checkIdentityToken(identityToken)).statusCode).toBe(200);
    const first = await server.call('POST /auth/delegate', { body: { loginMode: '-1', identityToken } });
    expect(first.statusCode).toBe(204);
    expect(first.body).toBe('');
    expect(first.headers['set-cookie']).toContain('JSESSIONID=');
    const token = String(first.headers['x-mstr-authtoken']);
    expect(token).not.toBe(admin);
    expect((await server.call('GET /sessions/userInfo', { token })).json()).toMatchObject({
      username: 'Administrator',
    });
    expect((await server.call('POST /auth/delegate', { body: { loginMode: -1, identityToken } })).statusCode).toBe(204);
  });

  it('end after five minutes', async () => {
    const identityToken = await newIdentityToken(admin);
    server.platform.clock.advanceSeconds(299);
    expect((await checkIdentityToken(identityToken)).statusCode).toBe(200);
    server.platform.clock.advanceSeconds(1);
    expect((await checkIdentityToken(identityToken)).statusCode).toBe(401);
    const refused = await server.call('POST /auth/delegate', { body: { loginMode: -1, identityToken } });
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'ERR003' });
  });

  it('are worth nothing when the user is disabled meanwhile', async () => {
    const id = await server.addUser(admin, 'leaver');
    const identityToken = await newIdentityToken(await server.login('leaver', 'secret'));
    await server.patch(admin, `/users/${id}`, { op: 'replace', path: '/enabled', value: false });
    expect((await checkIdentityToken(identityToken)).statusCode).toBe(401);
  });

  it('need to be named, known, and asked for within a session', async () => {
    expect((await server.call('GET /auth/identityToken')).statusCode).toBe(401);
    expect((await checkIdentityToken('unknown')).statusCode).toBe(401);
    expect((await server.call('POST /auth/identityToken')).statusCode).toBe(401);
    const wrongMode = { loginMode: 1, identityToken: await newIdentityToken(admin) };
    expect((await server.call('POST /auth/delegate', { body: wrongMode })).statusCode).toBe(400);
  });
});

describe('API tokens', () => {
  it('log their user in, without a body to ask for them', async () => {
    await server.addUser(admin, 'robot');
    const response = await newApiToken(await server.login('robot', 'secret'));
    expect(response.statusCode).toBe(200);
    const login = await loginWithToken(apiTokenOf(response));
    expect(login.statusCode).toBe(200);
    const token = String(login.headers['x-mstr-authtoken']);
    expect((await server.call('GET /sessions/userInfo', { token })).json()).toMatchObject({ username: 'robot' });
  });

  it('are made for others only by those who may manage them', async () => {
    const userId = await server.addUser(admin, 'other robot');
    const plain = await server.login('robot', 'secret');
    expect((await newApiToken(plain, { userId })).statusCode).toBe(403);
    await server.addUser(admin, 'manager', { privileges: [50] });
    const manager = await server.login('manager', 'secret');
    expect((await newApiToken(manager, { userId })).statusCode).toBe(200);
    expect((await newApiToken(manager, { userId: PRINCIPAL.administrator })).statusCode).toBe(403);
    expect((await newApiToken(admin, { userId: 'F'.repeat(32) })).statusCode).toBe(404);
  });

  it('stop working for a disabled user, and when ten newer ones have been made', async () => {
    const userId = await server.addUser(admin, 'many robots');
    const first = apiTokenOf(await newApiToken(admin, { userId }));
    for (let i = 0; i < 9; i += 1) await newApiToken(admin, { userId });
    expect((await loginWithToken(first)).statusCode).toBe(200);
    const last = apiTokenOf(await newApiToken(admin, { userId }));
    expect((await loginWithToken(first)).statusCode).toBe(401);
    expect((await loginWithToken(last)).statusCode).toBe(200);
    await server.patch(admin, `/users/${userId}`, { op: 'replace', path: '/enabled', value: false });
    expect((await loginWithToken(last)).statusCode).toBe(401);
  });

  it('fail when they are unknown', async () => {
    expect((await loginWithToken('nonsense')).json()).toMatchObject({ code: 'ERR003', message: 'Login failed' });
  });
});
