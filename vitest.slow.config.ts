import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/setup/patience.ts';

/** The slow suites: server processes that are killed. Minutes, not seconds. */
export default defineConfig({
  test: {
    expect: PATIENCE,
    include: ['test/crash/**/*.test.ts'],
    testTimeout: 45 * 60_000,
    hookTimeout: 120_000,
  },
});
