import { defineConfig } from 'vitest/config';

/** What needs a real S3 server, which is built from its source the first time. */
export default defineConfig({
  test: {
    include: ['test/s3/**/*.test.ts'],
    globalSetup: ['test/s3/prepare.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
