/** Bytes of bodies that are in memory at one time; a single larger one comes alone. */
export const BYTES_AT_ONCE = 8 * 1024 * 1024;

/** Bytes of a row of `object_body`, in SQL. Neither database reads the texts themselves for it. */
export const bodyBytes = (row: string): string =>
  `octet_length(${row}.definition) + octet_length(${row}.translations) + octet_length(${row}.uses)`;

/**
 * How many of the first of these bodies may be read together, at least one where there is any: a hundred dashboards may
 * have as many kilobytes, or as many times the largest definition that is allowed.
 */
export function fittingBodies(sizes: readonly number[]): number {
  let bytes = 0;
  const tooMany = sizes.findIndex((size) => (bytes += size) > BYTES_AT_ONCE);
  return tooMany < 0 ? sizes.length : Math.max(1, tooMany);
}
