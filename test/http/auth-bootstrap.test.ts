import { scryptSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCredential, withoutPassword } from '../../packages/server/src/features/auth/credentials.ts';
import { hashPassword, isOutdated, verifyPassword } from '../../packages/server/src/features/auth/passwords.ts';
import {
  bootstrapPrincipals,
  generateAdministratorPassword,
} from '../../packages/server/src/features/users/bootstrap.ts';
import { PRINCIPAL, WELL_KNOWN_OBJECTS } from '../../packages/server/src/features/users/well-known.ts';
import { ADMIN_PASSWORD, IdentityServer } from '../builders/identity-server.ts';
import { aPlatform, type TestPlatform } from '../builders/platform.ts';

async function contentOf(platform: TestPlatform): Promise<unknown> {
  const objects = await platform.metadata.reader.selectFrom('object').selectAll().orderBy('id').execute();
  const bodies = await platform.metadata.reader.selectFrom('object_body').selectAll().orderBy('id').execute();
  return { objects, bodies };
}

describe('the first start of an environment', () => {
  let platform: TestPlatform;

  beforeEach(async () => {
    platform = await aPlatform();
  });
  afterEach(() => platform.close());

  it('creates the built-in principals, the same in every environment', async () => {
    await bootstrapPrincipals(platform, { adminPassword: 'one' });
    const other = await aPlatform();
    other.clock.advanceSeconds(5_000_000);
    await bootstrapPrincipals(other, { adminPassword: 'two' });
    expect(await contentOf(other)).toEqual(await contentOf(platform));
    const { objects } = (await contentOf(platform)) as { objects: { id: string }[] };
    expect(objects.map((object) => object.id)).toEqual(WELL_KNOWN_OBJECTS.map((object) => object.id).toSorted());
    await other.close();
  });

  it('generates a password when none is given, and only once', async () => {
    await bootstrapPrincipals(platform, { adminPassword: null });
    const generatedPassword = await generateAdministratorPassword(platform);
    expect(generatedPassword).toMatch(/^[0-9a-v]{26}$/);
    await bootstrapPrincipals(platform, { adminPassword: null });
    expect(await generateAdministratorPassword(platform)).toBeNull();
    const stored = await platform.metadata.reader.selectFrom('credential').selectAll().execute();
    expect(await verifyPassword(String(generatedPassword), stored[0]?.password_hash ?? '')).toBe(true);
  });

  it('changes nothing at the next start, and brings back nothing that was deleted', async () => {
    await bootstrapPrincipals(platform, { adminPassword: 'one' });
    await platform.metadata.write(async (tx) => {
      await tx.deleteFrom('object').where('id', '=', PRINCIPAL.developers).execute();
    });
    const before = await contentOf(platform);
    await bootstrapPrincipals(platform, { adminPassword: 'one' });
    expect(await contentOf(platform)).toEqual(before);
  });
});

describe('a later start', () => {
  it('with another password sets it anew and ends the sessions of before', async () => {
    const server = await IdentityServer.start();
    const token = await server.login();
    await bootstrapPrincipals(server.platform, { adminPassword: 'another' });
    const restarted = await server.restart();
    expect((await restarted.tryLogin('Administrator', ADMIN_PASSWORD)).statusCode).toBe(200);
    expect((await restarted.call('GET /sessions', { token })).statusCode).toBe(401);
    await restarted.close();
  });
});

describe('credentials of a bulk load', () => {
  it('let the user in and are no part of the definition', async () => {
    const server = await IdentityServer.start();
    const admin = await server.login();
    const id = await server.addUser(admin, 'loaded', { password: undefined });
    const split = withoutPassword({ username: 'loaded', password: 'from a file' });
    expect(split).toEqual({ definition: { username: 'loaded' }, password: 'from a file' });
    await server.platform.metadata.write((tx) => loadCredential(tx, id, String(split.password)));
    expect((await server.tryLogin('loaded', 'from a file')).statusCode).toBe(200);
    await expect(server.platform.metadata.write((tx) => loadCredential(tx, id, ''))).rejects.toThrow(
      'must not be empty',
    );
    await server.close();
  });

  it('of lower cost than new ones are renewed by the next login', async () => {
    const server = await IdentityServer.start();
    const admin = await server.login();
    const id = await server.addUser(admin, 'veteran');
    // scrypt of "old secret" with N=1024, r=8, p=1.
    const salt = Buffer.from('0123456789abcdef');
    const key = scryptSync('old secret', salt, 32, { N: 1024, r: 8, p: 1 });
    const old = `scrypt$1024$8$1$${salt.toString('base64')}$${key.toString('base64')}`;
    expect(isOutdated(old)).toBe(true);
    const store = server.platform.metadata;
    await store.write(async (tx) => {
      await tx.updateTable('credential').set({ password_hash: old }).where('user_id', '=', id).execute();
    });
    expect((await server.tryLogin('veteran', 'old secret')).statusCode).toBe(200);
    const renewed = await store.reader
      .selectFrom('credential')
      .selectAll()
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(isOutdated(renewed.password_hash)).toBe(false);
    expect((await server.tryLogin('veteran', 'old secret')).statusCode).toBe(200);
    await server.close();
  });
});

describe('password hashes', () => {
  it('match their password only, in whatever way its characters are composed', async () => {
    const stored = await hashPassword('pässword');
    expect(await verifyPassword('pa\u0308ssword', stored)).toBe(true);
    expect(await verifyPassword('password', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
    expect(await hashPassword('pässword')).not.toBe(stored);
  });

  it.each(['', 'scrypt', 'plain$text', 'scrypt$1$1$1$$'])('that cannot be read match nothing (%j)', async (stored) => {
    expect(await verifyPassword('', stored)).toBe(false);
  });
});
