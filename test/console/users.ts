import { PASSWORD, type TestServer } from '../e2e/two-environments.ts';

export const PASSWORD_OF_USERS = 'a password of a user';

/** Makes a user that holds these privileges everywhere, and no others. */
export async function addUser({ running }: TestServer, username: string, privileges: readonly number[]): Promise<void> {
  const login = await fetch(`${running.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'Administrator', password: PASSWORD, loginMode: 1 }),
  });
  const token = login.headers.get('x-mstr-authtoken') ?? '';
  const call = async (method: string, path: string, body: object): Promise<{ readonly id: string }> => {
    const response = await fetch(`${running.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-mstr-authtoken': token },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { readonly id: string };
  };
  const { id } = await call('POST', '/users', { username, fullName: username, password: PASSWORD_OF_USERS });
  const value = privileges.map(String);
  if (value.length === 0) return;
  await call('PATCH', `/users/${id}`, { operationList: [{ op: 'add', path: '/privileges', value }] });
}
