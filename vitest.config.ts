import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/setup/patience.ts';
import { speedUpTests } from './test/setup/test-speed.ts';

speedUpTests();

export default defineConfig({
  test: {
    expect: PATIENCE,
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'samples/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/crash/**', 'test/clients/**', 'test/faults/**', 'test/s3/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
