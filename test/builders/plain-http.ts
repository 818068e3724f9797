/** One request, as any client of the Library sends it: method, path from `/api`, JSON body. */
export type PlainCall = (method: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;

export interface PlainLogin {
  /** Library URL. */
  readonly url: string;
  /** The built-in Administrator when it is left out. */
  readonly username?: string;
  readonly password: string;
  /** Goes along as project header with every request. */
  readonly projectId: string;
}

/** Logs in over HTTP and gives what sends requests in that session. */
export async function plainCaller({
  url,
  username = 'Administrator',
  password,
  projectId,
}: PlainLogin): Promise<PlainCall> {
  const json = { 'content-type': 'application/json' };
  const credentials = JSON.stringify({ loginMode: 1, username, password });
  const login = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: json, body: credentials });
  const session = { 'x-mstr-authtoken': login.headers.get('x-mstr-authtoken') ?? '', 'x-mstr-projectid': projectId };
  return async (method, path, body) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: body === undefined ? session : { ...session, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
}
