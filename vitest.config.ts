import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Read by every process and thread that the tests start: servers, commands and job workers load the same TypeScript
// again and again, and stripping it took longer than most of what they are started for.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

export default defineConfig({
  test: {
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
