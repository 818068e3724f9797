export { readPackage } from './read-package.ts';
export type { OpenPackage, PackageTotals, ReadOptions } from './read-package.ts';
export { readObject } from './read-object.ts';
export type { RandomAccessFile } from './read-object.ts';
export { writePackage } from './write-package.ts';
export type { WriteOptions, WriteProgress, WrittenPackage } from './write-package.ts';
export { ChunkLines, packLines } from './chunk-lines.ts';
export type { LinesBatch, MovedLines, ObjectLines, PackedLines } from './chunk-lines.ts';
export { checkPlatformVersion, comparePlatformVersions } from './platform-version.ts';
export { CHUNK_OBJECTS, CHUNK_RAW_BYTES, DEFAULT_LIMITS, MAX_PACKAGE_BYTES } from './limits.ts';
export type { PackageLimits } from './limits.ts';
export {
  NotAPackage,
  PACKAGE_FILE_ERROR_CODES,
  PackageDamaged,
  PackageFileError,
  PackageInputInvalid,
  PackageTooLarge,
  PackageTooNew,
} from './errors.ts';
export type { PackageFileErrorCode } from './errors.ts';
