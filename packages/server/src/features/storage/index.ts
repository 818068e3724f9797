/** The shared file store, its configuration, and files uploaded to it (spec/api.md 2.9 and 2.10). */
export { openStorage, type OpenStorage, type StorageOptions } from './open-storage.ts';
export type { S3Defaults } from './s3-driver.ts';
export { findUploadedPackage, type UploadedPackage } from './find-uploaded-package.ts';
