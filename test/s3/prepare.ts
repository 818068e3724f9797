import { prepareS3Program } from '../builders/s3-program.ts';

/** Before all tests, so that the building counts against none of them. */
export function setup(): void {
  prepareS3Program();
}
