import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/setup/patience.ts';

/** Servers, workers and the database are killed: minutes, not seconds. */
export default defineConfig({
  test: {
    expect: PATIENCE,
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 300_000,
  },
});
