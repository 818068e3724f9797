/** The query parameter `autoSync`, whose name comes in any letter case (spec/api.md 2.7.8). */
export function readAutoSync(query: Readonly<Record<string, unknown>>): boolean {
  const value = Object.entries(query).find(([name]) => name.toLowerCase() === 'autosync')?.[1];
  return typeof value === 'string' ? value.toLowerCase() === 'true' : value === true;
}
