/** Where a database is, as one text that other threads can be given: a file path, or a PostgreSQL address. */

const POSTGRES = /^postgres(?:ql)?:\/\//;

export const isPostgres = (location: string): boolean => POSTGRES.test(location);

const SCHEMA = 'schema';
const DEFAULT_SCHEMA = 'longshore';
const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** The part of an environment that a schema holds. */
export type EnvironmentPart = 'library' | 'metadata' | 'jobs';

/**
 * The address of one part of an environment, from the address that users give: its `schema` parameter, `longshore` by
 * default, names the environment, so that several environments can live in one PostgreSQL database.
 * @throws Error saying what is wrong with the address
 */
export function postgresLocation(address: string, part: EnvironmentPart): string {
  const url = new URL(address);
  const name = url.searchParams.get(SCHEMA) ?? DEFAULT_SCHEMA;
  if (!SCHEMA_NAME.test(name)) {
    throw new Error(`The schema '${name}' must be of at most 41 lower-case letters, digits and _, a letter first.`);
  }
  url.searchParams.set(SCHEMA, `${name}_${part}`);
  return url.href;
}

/** The schema of a location, and the address without it, as the driver takes it. */
export function splitLocation(location: string): { readonly address: string; readonly schema: string } {
  const url = new URL(location);
  const schema = url.searchParams.get(SCHEMA) ?? DEFAULT_SCHEMA;
  url.searchParams.delete(SCHEMA);
  return { address: url.href, schema };
}

/** A location as it may be shown and logged: without its password. */
export function shownLocation(location: string): string {
  if (!isPostgres(location)) return location;
  const url = new URL(location);
  if (url.password !== '') url.password = '***';
  return url.href;
}
