import { describe, expect, it } from 'vitest';
import { approvedPackage, dumpOf, importInto, PROJECT, twoEnvironments, YEAR } from './two-environments.ts';

const ANN_PASSWORD = 'the password of ann';

describe('an import into a project whose schema somebody has locked', () => {
  it('fails and says whose lock it is; it passes once the lock is gone', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const call = await asAnn(prod.running.url);
    expect((await call('POST', '/model/schema/lock', { lockType: 'absolute_individual' })).status).toBe(201);

    const before = await dumpOf(prod);
    const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
    const failed = await importInto(prod, record);
    expect(failed.importInfo).toMatchObject({ status: 'import_failed', message: expect.stringContaining("by 'Ann'") });
    expect(await dumpOf(prod)).toBe(before);

    expect((await call('DELETE', '/model/schema/lock?lockType=absolute_individual')).status).toBe(200);
    expect((await importInto(prod, record)).importInfo.status).toBe('imported');
  });

  it('is not held up by the lock of a session that has ended', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const call = await asAnn(prod.running.url);
    await call('POST', '/model/schema/lock', { lockType: 'absolute_individual' });
    await call('POST', '/auth/logout');
    const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
    expect((await importInto(prod, record)).importInfo.status).toBe('imported');
  });

  type Call = (method: string, path: string, body?: object) => Promise<Response>;

  /** A second administrator of the environment, with a session of her own. */
  async function asAnn(url: string): Promise<Call> {
    const admin = await session(url, 'Administrator', 'an end-to-end password');
    const created = await admin('POST', '/users', {
      username: 'ann',
      fullName: 'Ann',
      password: ANN_PASSWORD,
      memberships: ['5F3FAFE111D2D8CC6000CC8E67019608'],
    });
    expect(created.status).toBe(201);
    return session(url, 'ann', ANN_PASSWORD);
  }

  async function session(url: string, username: string, password: string): Promise<Call> {
    const login = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const token = login.headers.get('x-mstr-authtoken') ?? '';
    return (method, path, body) =>
      fetch(`${url}/api${path}`, {
        method,
        headers: {
          'x-mstr-authtoken': token,
          'x-mstr-projectid': PROJECT,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  }
});
