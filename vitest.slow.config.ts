import { defineConfig } from 'vitest/config';

/** The slow suites: server processes that are killed. Minutes, not seconds. */
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    testTimeout: 45 * 60_000,
    hookTimeout: 120_000,
  },
});
