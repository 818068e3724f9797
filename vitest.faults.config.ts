import { defineConfig } from 'vitest/config';

/** Servers, workers and the database are killed: minutes, not seconds. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 300_000,
  },
});
