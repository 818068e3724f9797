/** The largest package (spec/api.md 5.1): 2 GB. */
export const MAX_PACKAGE_BYTES = 2_147_483_648;

/** A chunk is closed before it passes one of these; only a single object may be larger than `CHUNK_RAW_BYTES`. */
export const CHUNK_RAW_BYTES = 4 * 1024 * 1024;
export const CHUNK_OBJECTS = 5_000;

/**
 * A chunk may inflate to this many times its stored size, plus an allowance for small ones. A writer stores a chunk
 * that would shrink further as it is, so that the limit only ever stops a file that was made to exhaust its reader.
 */
export const MAX_CHUNK_RATIO = 200;
export const CHUNK_RATIO_ALLOWANCE = 64 * 1024;

/** Chunks are read with at most this zstd window (2^23 = 8 MiB), which bounds what a frame makes the reader allocate. */
export const MAX_WINDOW_LOG = 23;

export const MAX_MANIFEST_BYTES = 1024 * 1024;
export const MAX_CHUNKS = 65_536;

/** What a reader accepts. Every limit is checked before memory is spent on what would pass it. */
export interface PackageLimits {
  /** Bytes of the whole file. */
  readonly packageBytes: number;
  /** Bytes of the two lines of one object, line ends included; the most that is held in memory at once. */
  readonly objectBytes: number;
  /** Bytes of all lines of the package. */
  readonly rawBytes: number;
}

export const DEFAULT_LIMITS: PackageLimits = {
  packageBytes: MAX_PACKAGE_BYTES,
  objectBytes: 64 * 1024 * 1024,
  rawBytes: 64 * 1024 * 1024 * 1024,
};
