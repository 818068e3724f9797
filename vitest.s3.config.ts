import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/setup/patience.ts';

/** What needs a real S3 server, which is built from its source the first time. */
export default defineConfig({
  test: {
    expect: PATIENCE,
    include: ['test/s3/**/*.test.ts'],
    globalSetup: ['test/s3/prepare.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
