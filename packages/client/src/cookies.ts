/**
 * The session cookies of one server: some servers refuse a token without the cookie that came with it (spec/api.md 1.3).
 * In a browser both functions do nothing, because there the browser itself keeps cookies and hides them from scripts.
 */
export interface CookieJar {
  keep(response: Response): void;
  header(): Record<string, string>;
  clear(): void;
}

export function createCookieJar(): CookieJar {
  const values = new Map<string, string>();
  return {
    keep(response) {
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = cookie.split(';');
        const split = pair.indexOf('=');
        if (split < 1) continue;
        const name = pair.slice(0, split).trim();
        if (attributes.some(expiresNow)) values.delete(name);
        else values.set(name, pair.slice(split + 1).trim());
      }
    },
    header() {
      const headers: Record<string, string> = {};
      if (values.size > 0) headers['cookie'] = [...values].map(([name, value]) => `${name}=${value}`).join('; ');
      return headers;
    },
    clear: () => values.clear(),
  };
}

const expiresNow = (attribute: string): boolean => /^\s*max-age\s*=\s*0\s*$/i.test(attribute);
